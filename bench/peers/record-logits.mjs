// Records what llama.cpp computes on every NAME.gguf of a folder that has a NAME.tokens.json beside it.
// usage: node record-logits.mjs MODELS OUT [NAME...]
// README.md says what the files on both sides hold.
import fs from "node:fs";
import path from "node:path";
import {getLlama} from "node-llama-cpp";

const BEST = 20;
const PROBES = 12;

const [models, out, ...only] = process.argv.slice(2);
if (out === undefined) {
    console.error("usage: node record-logits.mjs MODELS OUT [NAME...]");
    process.exit(2);
}
const version = JSON.parse(fs.readFileSync(new URL("node_modules/node-llama-cpp/package.json", import.meta.url))).version;
const llama = await getLlama({gpu: false, build: "never", maxThreads: 2, logLevel: "error"});

/** Evaluates the prompt in batches of 256; the logits of all ids at each wanted position, and the greedy continuation. */
async function evaluate(file, cache, task) {
    const model = await llama.loadModel({modelPath: path.join(models, file)});
    const context = await model.createContext({
        contextSize: Math.max(256, task.prompt.length + 64), batchSize: 256, flashAttention: false,
        experimentalKvCacheKeyType: cache, experimentalKvCacheValueType: cache
    });
    const sequence = context.getSequence();
    const next = async (ids, wanted) => {
        const input = ids.map((id, at) => (wanted(at) ? [id, {generateNext: {logits: true}}] : id));
        const found = await sequence.controlledEvaluate(input);
        return found.filter((each) => each !== undefined).map(({next: {logits}}) => {
            const all = new Float64Array(task.vocabulary);
            for (const [id, logit] of logits) all[id] = logit;
            return all;
        });
    };
    const positions = wantedPositions(task);
    const logits = await next(task.prompt, (at) => positions.includes(at));
    const greedy = {ids: [], margins: []};
    let last = logits.at(-1);
    for (let count = 0; count < task.greedyTokens; count++) {
        const [first, second] = order(last);
        greedy.ids.push(first);
        greedy.margins.push(digits(last[first] - last[second]));
        [last] = await next([first], () => true);
    }
    await context.dispose();
    await model.dispose();
    return {logits, greedy};
}

/** Every n-th position from one on, and the last. */
function wantedPositions(task) {
    return [...task.prompt.keys()].filter((at) => at >= task.fromPosition
        && ((at + 1) % task.everyPosition === 0 || at === task.prompt.length - 1));
}

function order(logits) {
    return [...logits.keys()].sort((a, b) => logits[b] - logits[a]);
}

function logSumExp(logits) {
    const most = Math.max(...logits);
    return most + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - most), 0));
}

/** Root mean square distance of all logits from their position's mean. */
function deviation(positions) {
    let squares = 0;
    for (const logits of positions) {
        const mean = logits.reduce((a, b) => a + b) / logits.length;
        squares += logits.reduce((sum, logit) => sum + (logit - mean) ** 2, 0) / logits.length;
    }
    return Math.sqrt(squares / positions.length);
}

/** Relative RMS error and mean KL divergence over chosen ids; for the divergence all others count as one. */
function distance(exact, found, idsAt) {
    let squares = 0, count = 0, divergence = 0;
    exact.forEach((target, at) => {
        const of = logSumExp(target), against = logSumExp(found[at]);
        let p = 0, q = 0;
        for (const id of idsAt(at)) {
            squares += (found[at][id] - target[id]) ** 2;
            count++;
        }
        for (const id of new Set(idsAt(at))) {
            const log = target[id] - of, other = found[at][id] - against;
            divergence += Math.exp(log) * (log - other);
            p += Math.exp(log);
            q += Math.exp(other);
        }
        if (1 - p > 1e-9) divergence += (1 - p) * Math.log((1 - p) / (1 - q));
    });
    return {
        relativeRms: digits(Math.sqrt(squares / count) / deviation(exact)),
        meanDivergence: digits(divergence / exact.length)
    };
}

function digits(number) {
    return Number(number.toPrecision(8));
}

for (const tokens of fs.readdirSync(models).filter((file) => file.endsWith(".tokens.json")).sort()) {
    const name = tokens.slice(0, -".tokens.json".length);
    if (only.length > 0 && !only.includes(name)) continue;
    const task = JSON.parse(fs.readFileSync(path.join(models, tokens)));
    const exact = await evaluate(task.exact, "F32", task);
    const probes = Array.from({length: PROBES}, (_, i) => Math.round(i * (task.vocabulary - 1) / (PROBES - 1)));
    const best = exact.logits.map((logits) => order(logits).slice(0, BEST));

    const errors = [];
    for (const [weights, file] of Object.entries({stored: name + ".gguf", dequantised: task.exact})) {
        for (const cache of ["F32", "F16"]) {
            if (file === task.exact && (cache === "F32" || weights === "dequantised")) continue;
            const {logits} = await evaluate(file, cache, task);
            errors.push({
                cache,
                recordedIds: distance(exact.logits, logits, (at) => [...best[at], ...probes]),
                allIds: distance(exact.logits, logits, (at) => [...logits[at].keys()])
            });
        }
    }

    const head = {
        model: name,
        sha256: task.sha256,
        engine: `llama.cpp of node-llama-cpp ${version}, CPU`,
        vocabulary: task.vocabulary,
        prompt: task.prompt,
        logitDeviation: digits(deviation(exact.logits)),
        greedy: exact.greedy,
        errors,
        probes
    };
    const positions = wantedPositions(task).map((at, i) => JSON.stringify({
        at,
        logSumExp: digits(logSumExp(exact.logits[i])),
        bestIds: best[i],
        bestLogits: best[i].map((id) => digits(exact.logits[i][id])),
        probeLogits: probes.map((id) => digits(exact.logits[i][id]))
    }));
    const lines = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},`);
    fs.writeFileSync(path.join(out, name + ".json"), `{${lines.join("\n")}\n"positions": [\n${positions.join(",\n")}\n]}\n`);
    console.log(name, "deviation", head.logitDeviation.toFixed(3), "least greedy margin", Math.min(...exact.greedy.margins).toFixed(3),
        errors.map(({cache, allIds}) => `${cache} cache: relative RMS ${allIds.relativeRms.toPrecision(3)}`).join(", "));
}
await llama.dispose();
