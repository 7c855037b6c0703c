package dev.tonnage.file;

import dev.tonnage.error.BadFile;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a folder's files say, under the keys that a GGUF file would have. */
final class FolderMetadata implements Metadata {

  private static final String TOKENIZER = "tokenizer.";

  private final String where;
  private final Map<String, Value> values = Collections.synchronizedMap(new LinkedHashMap<>());

  /** What is read when a key of a tokenizer is first asked for; then nothing. */
  private Runnable tokenizer = () -> {};

  /**
   * @param where for messages
   */
  FolderMetadata(String where) {
    this.where = where;
  }

  /**
   * Says what puts the tokenizer's keys: reading them takes as long as bringing in a gigabyte of
   * weights, meanwhile to which it is done.
   */
  void readTokenizerWith(Runnable reading) {
    tokenizer = reading;
  }

  private synchronized void readTokenizer() {
    Runnable reading = tokenizer;
    tokenizer = () -> {};
    try {
      reading.run();
    } catch (RuntimeException e) {
      tokenizer = reading; // whoever asks next is told, too
      throw e;
    }
  }

  /** Puts keys that begin with an architecture's name. */
  Keys of(String architecture) {
    return new Keys(this, architecture);
  }

  /**
   * The keys of an architecture.
   *
   * @param architecture the first part of them
   */
  record Keys(FolderMetadata metadata, String architecture) {

    void put(String key, long integer) {
      metadata.put(architecture + "." + key, integer);
    }

    void put(String key, double number) {
      metadata.put(architecture + "." + key, number);
    }

    void put(String key, boolean flag) {
      metadata.put(architecture + "." + key, flag);
    }

    void put(String key, String text) {
      metadata.put(architecture + "." + key, text);
    }
  }

  void put(String key, long integer) {
    values.put(key, new Int(integer));
  }

  void put(String key, double number) {
    values.put(key, new Real(number));
  }

  void put(String key, boolean flag) {
    values.put(key, new Flag(flag));
  }

  void put(String key, String text) {
    values.put(key, new Text(text));
  }

  void put(String key, int[] integers) {
    values.put(key, new Integers(key, integers));
  }

  void put(String key, byte[][] texts) {
    values.put(key, new Texts(key, texts));
  }

  @Override
  public String where() {
    return where;
  }

  @Override
  public Set<String> keys() {
    readTokenizer();
    return new LinkedHashSet<>(known(""));
  }

  @Override
  public List<String> keys(String prefix) {
    if (TOKENIZER.startsWith(prefix) || prefix.startsWith(TOKENIZER)) {
      readTokenizer();
    }
    return known(prefix);
  }

  private List<String> known(String prefix) {
    synchronized (values) {
      return values.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
    }
  }

  @Override
  public Optional<Value> find(String key) {
    if (key.startsWith(TOKENIZER)) {
      readTokenizer();
    }
    return Optional.ofNullable(values.get(key));
  }

  private BadFile wrong(String key, String expected, Value found) {
    return new BadFile(where + ": " + key, expected, found.kind(), JsonFile.REMEDY);
  }

  private final class Integers implements Array {
    private final String key;
    private final int[] integers;

    Integers(String key, int[] integers) {
      this.key = key;
      this.integers = integers;
    }

    @Override
    public String elementKind() {
      return "integer";
    }

    @Override
    public long size() {
      return integers.length;
    }

    @Override
    public Value get(long index) {
      return new Int(integers[Math.toIntExact(index)]);
    }

    @Override
    public int[] ints() {
      return integers.clone();
    }

    @Override
    public float[] floats() {
      float[] floats = new float[integers.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = integers[i];
      }
      return floats;
    }

    @Override
    public byte[][] utf8() {
      throw wrong(key, "texts", this);
    }
  }

  private final class Texts implements Array {
    private final String key;
    private final byte[][] texts;

    Texts(String key, byte[][] texts) {
      this.key = key;
      this.texts = texts;
    }

    @Override
    public String elementKind() {
      return "text";
    }

    @Override
    public long size() {
      return texts.length;
    }

    @Override
    public Value get(long index) {
      return new Text(new String(texts[Math.toIntExact(index)], StandardCharsets.UTF_8));
    }

    @Override
    public int[] ints() {
      throw wrong(key, "integers", this);
    }

    @Override
    public float[] floats() {
      throw wrong(key, "numbers", this);
    }

    @Override
    public byte[][] utf8() {
      return texts.clone();
    }
  }
}
