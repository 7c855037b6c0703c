// How far llama.cpp is from exact logits along a text: mean Kullback-Leibler divergence in nats.
// usage: node divergence.mjs MODEL.gguf EXACT IDS.json
// README.md says where EXACT and IDS.json come from.
import fs from "node:fs";
import {getLlama} from "node-llama-cpp";

const CHUNKS = 32;
const CHUNK_TOKENS = 128;
const BEGIN = 1;

const [file, exactFile, idsFile] = process.argv.slice(2);
if (idsFile === undefined) {
    console.error("usage: node divergence.mjs MODEL.gguf EXACT IDS.json");
    process.exit(2);
}
const {ids} = JSON.parse(fs.readFileSync(idsFile));
const bytes = fs.readFileSync(exactFile);
const vocabulary = bytes.length / 4 / CHUNKS / CHUNK_TOKENS;
const llama = await getLlama({gpu: false, build: "never", maxThreads: 2, logLevel: "error"});
const model = await llama.loadModel({modelPath: file});

function logSumExp(logits) {
    const most = logits.reduce((a, b) => Math.max(a, b));
    return most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
}

let sum = 0;
for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const context = await model.createContext({contextSize: 2 * CHUNK_TOKENS, batchSize: 2 * CHUNK_TOKENS, flashAttention: false});
    const tokens = [BEGIN, ...ids.slice(chunk * CHUNK_TOKENS + 1, (chunk + 1) * CHUNK_TOKENS)];
    const found = await context.getSequence().controlledEvaluate(tokens.map((id) => [id, {generateNext: {logits: true}}]));
    found.forEach(({next: {logits}}, at) => {
        const begin = (chunk * CHUNK_TOKENS + at) * vocabulary;
        const exact = Float64Array.from({length: vocabulary}, (_, id) => bytes.readFloatBE(4 * (begin + id)));
        const all = new Float64Array(vocabulary);
        for (const [id, logit] of logits) all[id] = logit;
        const of = logSumExp(exact), against = logSumExp(all);
        exact.forEach((logit, id) => (sum += Math.exp(logit - of) * (logit - of - (all[id] - against))));
    });
    await context.dispose();
}
console.log(`${file}: ${(sum / CHUNKS / CHUNK_TOKENS).toExponential(3)}`);
process.exit(0);
