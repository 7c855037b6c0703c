// Records matrices that MLX has quantised, as it writes them, with what they decode to.
// usage: node record.mjs OUT.safetensors
import mlx from "@frost-beta/mlx";

const {core: mx} = mlx;
const types = {f16: mx.float16, bf16: mx.bfloat16, f32: mx.float32};
const parts = {};

function add(name, matrix, group, bits, shape = (array) => array) {
    const [words, scales, biases] = mx.quantize(matrix, group, bits);
    const exact = [words, scales.astype(mx.float32), biases.astype(mx.float32)];
    parts[`${name}.weight`] = shape(words);
    parts[`${name}.scales`] = shape(scales);
    parts[`${name}.biases`] = shape(biases);
    parts[`${name}.values`] = shape(mx.dequantize(...exact, group, bits));
}

mx.random.seed(20261201);
for (const [bits, group, type] of [[2, 32, "f16"], [4, 64, "bf16"], [4, 32, "f16"], [8, 64, "bf16"], [8, 128, "f32"]]) {
    add(`q${bits}_${group}_${type}`, mx.random.normal([3, 512]).astype(types[type]), group, bits);
}
add("stack", mx.random.normal([6, 256]).astype(mx.bfloat16), 64, 4, (array) => mx.reshape(array, [2, 3, array.shape[1]]));
mx.eval(...Object.values(parts));
mx.saveSafetensors(process.argv[2], parts);
