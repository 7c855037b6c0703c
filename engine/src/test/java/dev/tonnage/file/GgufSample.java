package dev.tonnage.file;

import static dev.tonnage.file.GgufValue.array;
import static dev.tonnage.file.GgufValue.flag;
import static dev.tonnage.file.GgufValue.float32;
import static dev.tonnage.file.GgufValue.float32s;
import static dev.tonnage.file.GgufValue.float64;
import static dev.tonnage.file.GgufValue.int16;
import static dev.tonnage.file.GgufValue.int32;
import static dev.tonnage.file.GgufValue.int32s;
import static dev.tonnage.file.GgufValue.int64;
import static dev.tonnage.file.GgufValue.int8;
import static dev.tonnage.file.GgufValue.text;
import static dev.tonnage.file.GgufValue.texts;
import static dev.tonnage.file.GgufValue.uint16;
import static dev.tonnage.file.GgufValue.uint32;
import static dev.tonnage.file.GgufValue.uint64;
import static dev.tonnage.file.GgufValue.uint8;

import dev.tonnage.tensor.DType;
import dev.tonnage.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Files as converters write them, small. */
final class GgufSample {

  private GgufSample() {}

  /** Bytes that differ from tensor to tensor. */
  static MemorySegment data(DType type, Shape shape, int seed) {
    byte[] bytes = new byte[Math.toIntExact(type.bytes(shape.elements()))];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (seed + 31 * i);
    }
    return MemorySegment.ofArray(bytes);
  }

  static GgufWriter tensor(GgufWriter writer, String name, DType type, long... extents) {
    Shape shape = Shape.of(extents);
    return writer.tensor(name, type, shape, data(type, shape, name.hashCode()));
  }

  /** Every metadata type, and a tensor of every type. */
  static GgufWriter everyType() {
    var writer =
        new GgufWriter()
            .put("general.architecture", text("sample"))
            .put("sample.uint8", uint8(200))
            .put("sample.int8", int8(-100))
            .put("sample.uint16", uint16(60_000))
            .put("sample.int16", int16(-30_000))
            .put("sample.uint32", uint32(4_000_000_000L))
            .put("sample.int32", int32(-2_000_000_000))
            .put("sample.float32", float32(0.1f))
            .put("sample.yes", flag(true))
            .put("sample.no", flag(false))
            .put("sample.uint64", uint64(1L << 40))
            .put("sample.huge", uint64(-1))
            .put("sample.int64", int64(Long.MIN_VALUE))
            .put("sample.float64", float64(0.1))
            .put("sample.empty", text(""))
            .put("sample.bytes", array(GgufType.UINT8, List.of(uint8(0), uint8(255))))
            .put("sample.flags", array(GgufType.BOOL, List.of(flag(true), flag(false))))
            .put("sample.ints", int32s(3, -4, 5))
            .put("sample.longs", array(GgufType.UINT64, List.of(uint64(7), uint64(-1))))
            .put("sample.floats", float32s(0.5f, -1.5f))
            .put("sample.doubles", array(GgufType.FLOAT64, List.of(float64(0.1))))
            .put("sample.texts", texts(List.of("one", "", "größer 😀")))
            .put("sample.none", array(GgufType.STRING, List.of()))
            .put(
                "sample.nested",
                array(
                    GgufType.ARRAY,
                    List.of(
                        int32s(1, 2), texts(List.of("a", "b")), array(GgufType.ARRAY, List.of()))));
    for (DType type : DType.ofGguf()) {
      tensor(writer, "blk.0." + type, type, 2, 3, 2L * type.blockElements());
    }
    return tensor(writer, "last", DType.F32, 1);
  }

  /** A small Llama with a SentencePiece vocabulary, as a converter writes one. */
  static GgufWriter llama(int blocks, int vocabulary) {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    float[] scores = new float[vocabulary];
    int[] types = new int[vocabulary];
    for (int id = 0; id < vocabulary; id++) {
      if (id >= tokens.size()) {
        tokens.add("▁" + Integer.toString(id * 7919, 36));
      }
      scores[id] = -id;
      types[id] = id < 3 ? 3 : 1;
    }
    var writer =
        new GgufWriter()
            .put("general.architecture", text("llama"))
            .put("general.name", text("A sample"))
            .put("general.file_type", uint32(7))
            .put("llama.context_length", uint32(256))
            .put("llama.embedding_length", uint32(64))
            .put("llama.block_count", uint32(blocks))
            .put("llama.feed_forward_length", uint32(96))
            .put("llama.attention.head_count", uint32(4))
            .put("llama.attention.head_count_kv", uint32(2))
            .put("llama.attention.layer_norm_rms_epsilon", float32(1e-5f))
            .put("llama.rope.freq_base", float32(10_000))
            .put("tokenizer.ggml.model", text("llama"))
            .put("tokenizer.ggml.tokens", texts(tokens.subList(0, vocabulary)))
            .put("tokenizer.ggml.scores", float32s(scores))
            .put("tokenizer.ggml.token_type", int32s(types))
            .put("tokenizer.ggml.bos_token_id", uint32(1))
            .put("tokenizer.ggml.add_bos_token", flag(true))
            .put("tokenizer.chat_template", text("{% for message in messages %}…{% endfor %}"));
    tensor(writer, "token_embd.weight", DType.Q8_0, vocabulary, 64);
    tensor(writer, "output_norm.weight", DType.F32, 64);
    for (int block = 0; block < blocks; block++) {
      String prefix = "blk." + block + ".";
      tensor(writer, prefix + "attn_norm.weight", DType.F32, 64);
      tensor(writer, prefix + "attn_q.weight", DType.Q8_0, 64, 64);
      tensor(writer, prefix + "attn_k.weight", DType.F16, 32, 64);
      tensor(writer, prefix + "attn_v.weight", DType.BF16, 32, 64);
      tensor(writer, prefix + "attn_output.weight", DType.Q4_0, 64, 64);
      tensor(writer, prefix + "ffn_norm.weight", DType.F32, 64);
      tensor(writer, prefix + "ffn_gate.weight", DType.Q5_1, 96, 64);
      tensor(writer, prefix + "ffn_up.weight", DType.Q8_0, 96, 64);
      tensor(writer, prefix + "ffn_down.weight", DType.MXFP4, 64, 96);
    }
    return writer;
  }
}
