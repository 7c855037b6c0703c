package dev.tonnage.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a {@link TinyFolder}'s matrices are stored, by simple quantisers: any numbers of a format
 * will do, for they are what is compared with.
 */
public enum FolderStorage {
  /** As the tiny model has them. */
  PLAIN,
  /** MLX's groups: most of four bits, some of others, each with its own groups. */
  MLX_MIXED,
  /** gpt-oss's: experts as floats of four bits, with their rows of gate and up in turn. */
  MXFP4_EXPERTS,
  /** MLX's floats of four bits with powers of two. */
  MLX_MXFP4,
  /** Floats of eight bits with a scale for each block, in DeepSeek-V3's way. */
  FLOAT8;

  /** Rows and columns of a block of {@link #FLOAT8}. */
  private static final int BLOCK = 64;

  private static final int NARROW = 32;
  private static final int WIDE = 64;

  /** A tensor in a file. */
  record Piece(String suffix, String type, List<Long> shape, ByteBuffer bytes) {}

  /**
   * What stands for a matrix, and the numbers that this means.
   *
   * @param pieces names begin with the matrix's, which ends with {@code weight}
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  record Stored(List<Piece> pieces, float[] numbers) {}

  /** What {@code config.json} says of it. */
  Map<String, Object> config() {
    return switch (this) {
      case PLAIN -> Map.of();
      case MLX_MIXED -> {
        var all = new LinkedHashMap<String, Object>();
        all.put("group_size", WIDE);
        all.put("bits", 4);
        all.put("model.layers.0.self_attn.v_proj", Map.of("group_size", NARROW, "bits", 8));
        all.put("model.layers.1.self_attn.v_proj", Map.of("group_size", WIDE, "bits", 3));
        all.put("model.layers.0.mlp.down_proj", Map.of("group_size", NARROW, "bits", 6));
        all.put("model.layers.1.mlp.up_proj", Map.of("group_size", WIDE, "bits", 5));
        all.put("model.layers.1.mlp.down_proj", false);
        yield Map.of("quantization", all, "quantization_config", all);
      }
      case MXFP4_EXPERTS ->
          Map.of(
              "quantization_config",
              Map.of(
                  "quant_method",
                  "mxfp4",
                  "modules_to_not_convert",
                  List.of("model.layers.*.self_attn", "lm_head")));
      case MLX_MXFP4 ->
          Map.of("quantization", Map.of("group_size", NARROW, "bits", 4, "mode", "mxfp4"));
      case FLOAT8 ->
          Map.of(
              "quantization_config",
              Map.of(
                  "quant_method", "fp8",
                  "fmt", "e4m3",
                  "activation_scheme", "dynamic",
                  "weight_block_size", List.of(BLOCK, BLOCK)));
    };
  }

  /**
   * Stores a matrix.
   *
   * @param name in the folder, with {@code .weight}
   */
  Stored store(String name, float[] numbers, long rows, long columns) {
    return switch (this) {
      case PLAIN -> throw new IllegalStateException();
      case MLX_MIXED -> {
        String module = name.replaceFirst("\\.weight$", "");
        Object own = ((Map<?, ?>) config().get("quantization")).get(module);
        if (Boolean.FALSE.equals(own)) {
          yield plain(numbers, rows, columns);
        }
        int bits = own instanceof Map<?, ?> map ? (int) map.get("bits") : 4;
        int group = own instanceof Map<?, ?> map ? (int) map.get("group_size") : WIDE;
        yield groups(numbers, rows, columns, bits, group);
      }
      case MLX_MXFP4, MXFP4_EXPERTS -> powers(numbers, rows, columns);
      case FLOAT8 ->
          name.contains("embed_tokens") || name.contains("lm_head")
              ? plain(numbers, rows, columns)
              : blocks(numbers, rows, columns);
    };
  }

  private static Stored plain(float[] numbers, long rows, long columns) {
    ByteBuffer bytes = buffer(4 * numbers.length);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    return new Stored(List.of(new Piece("", "F32", List.of(rows, columns), bytes.flip())), numbers);
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static float bfloat16(float number) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(number) + 0x8000) & 0xffff_0000);
  }

  private static Stored groups(float[] numbers, long rows, long columns, int bits, int group) {
    byte[] words = new byte[numbers.length * bits / 8];
    ByteBuffer scales = buffer(numbers.length / group * 2);
    ByteBuffer biases = buffer(numbers.length / group * 2);
    float[] means = new float[numbers.length];
    for (int from = 0; from < numbers.length; from += group) {
      float least = numbers[from];
      float most = numbers[from];
      for (int i = from; i < from + group; i++) {
        least = Math.min(least, numbers[i]);
        most = Math.max(most, numbers[i]);
      }
      float bias = bfloat16(least);
      float scale = bfloat16((most - least) / ((1 << bits) - 1));
      scales.putShort((short) (Float.floatToRawIntBits(scale) >> 16));
      biases.putShort((short) (Float.floatToRawIntBits(bias) >> 16));
      for (int i = from; i < from + group; i++) {
        int integer = Math.clamp(Math.round((numbers[i] - bias) / scale), 0, (1 << bits) - 1);
        means[i] = scale * integer + bias;
        for (int bit = 0; bit < bits; bit++) {
          long at = (long) i * bits + bit;
          words[(int) (at / 8)] |= (byte) ((integer >> bit & 1) << (at % 8));
        }
      }
    }
    return new Stored(
        List.of(
            new Piece("", "U32", List.of(rows, columns * bits / 32), ByteBuffer.wrap(words)),
            new Piece("scales", "BF16", List.of(rows, columns / group), scales.flip()),
            new Piece("biases", "BF16", List.of(rows, columns / group), biases.flip())),
        means);
  }

  private static Stored powers(float[] numbers, long rows, long columns) {
    byte[] words = new byte[numbers.length / 2];
    ByteBuffer scales = buffer(numbers.length / NARROW);
    float[] means = new float[numbers.length];
    for (int from = 0; from < numbers.length; from += NARROW) {
      float most = Float.MIN_NORMAL;
      for (int i = from; i < from + NARROW; i++) {
        most = Math.max(most, Math.abs(numbers[i]));
      }
      int exponent = Math.getExponent(most) - 2;
      scales.put((byte) (exponent + 127));
      for (int i = from; i < from + NARROW; i++) {
        float scaled = Math.scalb(numbers[i], -exponent);
        int best = 0;
        for (int code = 1; code < 16; code++) {
          boolean isNearer =
              Math.abs(PlainBlocks.e2m1(code) - scaled) < Math.abs(PlainBlocks.e2m1(best) - scaled);
          best = isNearer ? code : best;
        }
        means[i] = Math.scalb(PlainBlocks.e2m1(best), exponent);
        words[i / 2] |= (byte) (best << (i % 2 * 4));
      }
    }
    return new Stored(
        List.of(
            new Piece("", "U32", List.of(rows, columns / 8), ByteBuffer.wrap(words)),
            new Piece("scales", "U8", List.of(rows, columns / NARROW), scales.flip())),
        means);
  }

  private static Stored blocks(float[] numbers, long rows, long columns) {
    int width = Math.toIntExact(columns);
    int blockRows = Math.toIntExact(Math.ceilDiv(rows, (long) BLOCK));
    int blockColumns = Math.ceilDiv(width, BLOCK);
    float[] most = new float[blockRows * blockColumns];
    for (int i = 0; i < numbers.length; i++) {
      int block = i / width / BLOCK * blockColumns + i % width / BLOCK;
      most[block] = Math.max(most[block], Math.abs(numbers[i]));
    }
    ByteBuffer scales = buffer(4 * most.length);
    for (float each : most) {
      scales.putFloat(each / 448);
    }
    byte[] bytes = new byte[numbers.length];
    float[] means = new float[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      float scale = most[i / width / BLOCK * blockColumns + i % width / BLOCK] / 448;
      int code = e4m3(Math.abs(numbers[i]) / scale);
      means[i] = Math.copySign(scale * e4m3(code), numbers[i]);
      bytes[i] = (byte) (numbers[i] < 0 ? code | 128 : code);
    }
    long scaleRows = blockRows;
    long scaleColumns = blockColumns;
    return new Stored(
        List.of(
            new Piece("", "F8_E4M3", List.of(rows, columns), ByteBuffer.wrap(bytes)),
            new Piece("_scale_inv", "F32", List.of(scaleRows, scaleColumns), scales.flip())),
        means);
  }

  /** The nearest code of a magnitude. */
  private static int e4m3(float magnitude) {
    int best = 0;
    for (int code = 1; code < 127; code++) {
      if (Math.abs(e4m3(code) - magnitude) < Math.abs(e4m3(best) - magnitude)) {
        best = code;
      }
    }
    return best;
  }

  private static float e4m3(int code) {
    int exponent = code >> 3;
    return exponent == 0 ? (code & 7) / 512f : Math.scalb(1 + (code & 7) / 8f, exponent - 7);
  }
}
