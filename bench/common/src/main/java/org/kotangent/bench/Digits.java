package org.kotangent.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * 60,000 grey images of 28×28 pixels with their classes, a byte each: the training images of MNIST
 * from the directory in the system property {@code bench.data}, or images made up where it is not
 * set.
 */
public final class Digits {
  /** Number of images. */
  public static final int COUNT = 60_000;

  /** Pixels of an image. */
  public static final int PIXELS = 28 * 28;

  private final byte[] images;
  private final byte[] labels;

  private Digits(byte[] images, byte[] labels) {
    this.images = images;
    this.labels = labels;
  }

  /** The images. */
  public static Digits load() {
    String directory = System.getProperty("bench.data");
    return directory == null ? madeUp() : read(Path.of(directory));
  }

  /** Bytes of all images, row by row. */
  public byte[] images() {
    return images;
  }

  /** The class of each image. */
  public byte[] labels() {
    return labels;
  }

  /** Writes examples {@code order[from]} to {@code order[to − 1]} as numbers from 0 to 1. */
  public void copy(int[] order, int from, int to, float[] x, long[] classes) {
    for (int i = from; i < to; i++) {
      int source = order[i] * PIXELS;
      int target = (i - from) * PIXELS;
      for (int j = 0; j < PIXELS; j++) {
        x[target + j] = (images[source + j] & 0xff) * (1 / 255f);
      }
      classes[i - from] = labels[order[i]];
    }
  }

  private static Digits read(Path directory) {
    return new Digits(
        idx(directory, "train-images-idx3-ubyte", 16, COUNT * PIXELS),
        idx(directory, "train-labels-idx1-ubyte", 8, COUNT));
  }

  private static byte[] idx(Path directory, String name, int header, int size) {
    Path plain = directory.resolve(name);
    boolean isPlain = Files.exists(plain);
    Path file = isPlain ? plain : directory.resolve(name + ".gz");
    try (var raw = Files.newInputStream(file);
        var in = new DataInputStream(isPlain ? raw : new GZIPInputStream(raw, 1 << 16))) {
      in.skipNBytes(header);
      byte[] bytes = new byte[size];
      in.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ten patterns of blurred dots with noise on them, which a network can learn to tell apart. */
  private static Digits madeUp() {
    byte[] images = new byte[COUNT * PIXELS];
    byte[] labels = new byte[COUNT];
    float[] patterns = Numbers.normal(3, 10 * PIXELS, 60);
    float[] noise = Numbers.normal(4, 1 << 16, 60);
    int[] classes = Numbers.labels(6, COUNT, 10);
    for (int i = 0; i < COUNT; i++) {
      labels[i] = (byte) classes[i];
      for (int j = 0; j < PIXELS; j++) {
        float value =
            100 + patterns[classes[i] * PIXELS + j] + noise[(i * 7919 + j) & (noise.length - 1)];
        images[i * PIXELS + j] = (byte) Math.clamp((int) value, 0, 255);
      }
    }
    return new Digits(images, labels);
  }
}
