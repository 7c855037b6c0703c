// One turn of llama.cpp: reads a prompt and generates, each once to warm up and once timed. Prints tokens a second as JSON.
// usage: node llama-turn.mjs MODEL PROMPT GENERATED DEPTH THREADS
import fs from "node:fs";
import {getLlama} from "node-llama-cpp";

const file = process.argv[2];
const [prompt, generated, depth, threads] = process.argv.slice(3).map(Number);
if (!(threads > 0)) {
    console.error("usage: node llama-turn.mjs MODEL PROMPT GENERATED DEPTH THREADS");
    process.exit(2);
}
const llama = await getLlama({gpu: false, build: "never", maxThreads: threads, logLevel: "error"});
const model = await llama.loadModel({modelPath: file});
const context = await model.createContext({contextSize: depth + Math.max(prompt, generated) + 1, threads});
const sequence = context.getSequence();
const vocabulary = model.fileInfo.metadata.tokenizer.ggml.tokens.length;

/** Ids that look random and are the same in each turn. */
function ids(count, seed) {
    let state = BigInt(seed);
    return Array.from({length: count}, () => {
        state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
        return Number((state >> 33n) % BigInt(vocabulary));
    });
}

async function begin() {
    await sequence.clearHistory();
    if (depth > 0) await sequence.evaluateWithoutGeneratingNewTokens(ids(depth, 1));
    return performance.now();
}

async function promptRate() {
    const since = await begin();
    await sequence.evaluateWithoutGeneratingNewTokens(ids(prompt, 2));
    return prompt * 1e3 / (performance.now() - since);
}

/** The likeliest token each, with all logits computed, whatever the model says about the end. */
async function generationRate() {
    const since = await begin();
    let count = 0;
    for await (const _ of sequence.evaluate(ids(1, 3), {temperature: 0, yieldEogToken: true})) {
        if (++count === generated) break;
    }
    if (count < generated) throw new Error(`it ended after ${count} of ${generated} tokens`);
    return generated * 1e3 / (performance.now() - since);
}

const rates = {};
for (let round = 0; round < 2; round++) { // the second counts
    rates.promptRate = await promptRate();
    rates.generationRate = await generationRate();
}
const version = JSON.parse(fs.readFileSync(new URL("node_modules/node-llama-cpp/package.json", import.meta.url))).version;
console.log(JSON.stringify({
    ...rates,
    version: `llama.cpp ${llama.llamaCppRelease.release} of node-llama-cpp ${version}`,
    computes: llama.systemInfo.replace(/\s+/g, " ").trim()
}));
await llama.dispose();
