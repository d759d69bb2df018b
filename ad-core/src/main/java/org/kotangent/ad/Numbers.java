package org.kotangent.ad;

/**
 * Numbers to be added: one or several arrays of one shape, which are there or are computed block by
 * block when they are read.
 */
interface Numbers {
  /** The numbers as one thread reads them. */
  interface Reader {
    /**
     * Goes to element {@code from}. What is read next goes up to element {@code until}, in
     * multiples of {@code count}, which is at most {@value RunSum#MOST}. Returns how many elements
     * are there to be read, a multiple as well.
     */
    int seek(int from, int count, int until);

    /** The Java array with the elements of array {@code k}. */
    Object data(int k);

    /** Where in it the element of the given index is. */
    int place(int k, int element);
  }

  /** The type of array {@code k}. */
  DType type(int k);

  /** How many elements are worth handing to another thread. */
  int grain();

  /** A reader for the calling thread. */
  Reader reader();

  /** The numbers of an array. */
  static Numbers of(Arr x) {
    return new There(x);
  }

  /** An array as it is. */
  record There(Arr x) implements Numbers, Reader {
    private static final int GRAIN = 1 << 17;

    @Override
    public DType type(int k) {
      return x.dtype();
    }

    @Override
    public int grain() {
      return GRAIN;
    }

    @Override
    public Reader reader() {
      return this;
    }

    @Override
    public int seek(int from, int count, int until) {
      return until - from;
    }

    @Override
    public Object data(int k) {
      return x.data();
    }

    @Override
    public int place(int k, int element) {
      return element;
    }
  }
}
