package org.kotangent.ops.internal;

import java.util.Arrays;

/**
 * What {@link NativeTileCode} reads: sizes and distances, counted in numbers, then tables. The
 * fields are places in the plan.
 *
 * <p>One plan after another is written into the same array, so that a thread needs no new ones.
 */
final class TilePlan {
  /** Rows of whole tiles, and where the others begin in a and in c. */
  static final int WHOLE = 0;

  static final int REST = 1;
  static final int REST_OF_A = 2;
  static final int REST_OF_C = 3;

  /** Terms of a sum. */
  static final int TERMS = 4;

  /** From one row of a to the next, from one term, from one tile, from one repetition. */
  static final int A_DOWN = 5;

  static final int A_ACROSS = 6;
  static final int A_TILE = 7;
  static final int A_AGAIN = 8;

  /** From one term of b to the next, from one repetition. */
  static final int B_ACROSS = 9;

  static final int B_AGAIN = 10;

  /** From one row of c to the next; whether sums start at what is there. */
  static final int C_DOWN = 11;

  static final int ADD = 12;

  /** Vectors of a row of c. */
  static final int VECTORS = 13;

  /** Tables, by their places: where vectors are in b and c, terms in a and b, repetitions in c. */
  static final int B_VECTORS = 14;

  static final int C_VECTORS = 15;
  static final int A_TERMS = 16;
  static final int B_TERMS = 17;
  static final int C_AGAIN = 18;

  /** Masks of the vectors, each as long as one. */
  static final int MASKS = 19;

  private static final int SIZE = 20;

  private int[] plan = new int[SIZE];
  private int size = SIZE;

  /** Begins a new plan: rows, each a sum of so many terms at each vector. */
  TilePlan of(int rows, int terms) {
    Arrays.fill(plan, 0, SIZE, 0);
    size = SIZE;
    plan[REST] = rows % NativeTileCode.ROWS;
    plan[WHOLE] = rows - plan[REST];
    plan[TERMS] = terms;
    return this;
  }

  /** Where the numbers of a are: rows, terms. */
  TilePlan a(int down, int across) {
    return a(down, across, NativeTileCode.ROWS * down, 0);
  }

  /** Where the numbers of a are: rows, terms, tiles, repetitions. */
  TilePlan a(int down, int across, int tile, int again) {
    plan[A_DOWN] = down;
    plan[A_ACROSS] = across;
    plan[A_TILE] = tile;
    plan[A_AGAIN] = again;
    plan[REST_OF_A] = plan[WHOLE] / NativeTileCode.ROWS * tile;
    return this;
  }

  /** Where the terms of b are, or its repetitions. */
  TilePlan b(int across, int again) {
    plan[B_ACROSS] = across;
    plan[B_AGAIN] = again;
    return this;
  }

  /** Where the rows of c are, and whether sums start there or at zero. */
  TilePlan c(int down, boolean add) {
    plan[C_DOWN] = down;
    plan[ADD] = add ? 1 : 0;
    plan[REST_OF_C] = plan[WHOLE] * down;
    return this;
  }

  /** How many vectors a row has. */
  TilePlan vectors(int count) {
    plan[VECTORS] = count;
    return this;
  }

  /** A table, whose field is given. */
  TilePlan table(int field, int... table) {
    begin(field);
    for (int number : table) {
      add(number);
    }
    return this;
  }

  /** A table of numbers at equal distances. */
  TilePlan multiples(int field, int count, int step) {
    begin(field);
    for (int i = 0; i < count; i++) {
      add(i * step);
    }
    return this;
  }

  /** A table that begins here, whose field is given. */
  TilePlan begin(int field) {
    plan[field] = size;
    return this;
  }

  /** Appends to a table. */
  void add(int number) {
    if (size == plan.length) {
      plan = Arrays.copyOf(plan, 2 * size);
    }
    plan[size++] = number;
  }

  /** The numbers that the code reads, until the next plan begins. */
  int[] numbers() {
    return plan;
  }
}
