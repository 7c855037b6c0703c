// Records the ids that models' own libraries give, for published vocabularies or for the tests' tiny ones.
// usage: node record.mjs published OUT [LLAMA_CPP [LLAMA_MODELS]]
//        node record.mjs tiny FOLDER
// The README of the folder above says what is read and written.
import {mkdirSync, readFileSync, readdirSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {Tiktoken} from "tiktoken";
import tokenizers from "tokenizers";
import {randomStrings} from "./strings.mjs";
import {ggufVocabulary, publishedWords, rankedVocabulary, tokenizerJson, visible} from "./vocabulary.mjs";

const COUNT = 25_000;
const SEED = 20_261_125;
const USER_DEFINED = 4;

/** Packages with a tokenizer.json, and the name that GGUF files of their models have in tokenizer.ggml.pre. */
const PACKAGES = {
    command_r_plus: "command-r",
    deepseek_v3: "deepseek-v3",
    gptoss: "gpt-4o",
    llama3_1: "llama-bpe",
    mistral_nemo: "tekken",
    qwen3: "qwen2"
};

/** Vocabularies in the folder models of llama.cpp's repository, named as in tokenizer.ggml.pre. */
const LLAMA_CPP = ["deepseek-coder", "deepseek-llm", "gpt-2", "refact", "starcoder"];

/**
 * Words whose models' vocabularies no package has, with the vocabulary that is taken for them: words and their borders are the models' own,
 * ids are not.
 */
const BORROWED = {"glm4": "llama3_1", "kimi-k2": "gptoss", "minimax-m2": "gptoss"};

/** The first special tokens of Llama 4, in the order of their ids. */
const LLAMA_4_SPECIALS = [
    "<|begin_of_text|>", "<|end_of_text|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|header_start|>", "<|header_end|>",
    "<|eom|>", "<|eot|>", "<|step|>"
];

const versionOf = (name) =>
    `${name} ${JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version}`;

async function library(json) {
    const tokenizer = tokenizers.Tokenizer.fromString(JSON.stringify(json));
    return async (string) => Array.from((await tokenizer.encode(string, null, {addSpecialTokens: false})).getIds());
}

async function published(out, llamaCpp, llamaModels) {
    const record = async (name, pre, json, encode, engine) => {
        const strings = randomStrings(COUNT, SEED, json.added_tokens.slice(0, 40).map(({content}) => content));
        const ids = [];
        for (const string of strings) ids.push(await encode(string));
        mkdirSync(join(out, name), {recursive: true});
        writeFileSync(join(out, name, "ids.json"), JSON.stringify({engine, pre, strings, ids}));
        writeFileSync(join(out, name, "tokenizer.json"), JSON.stringify(json));
        console.log(name, pre, engine);
    };
    for (const [name, pre] of Object.entries(PACKAGES)) {
        const json = packaged(name);
        await record(name, pre, json, await library(json), versionOf("tokenizers"));
    }
    for (const [pre, name] of Object.entries(BORROWED)) {
        const {normalizer, pre_tokenizer, ignore_merges} = publishedWords(pre);
        const json = packaged(name);
        Object.assign(json, {normalizer, pre_tokenizer, post_processor: null});
        json.model.ignore_merges = ignore_merges;
        const isRanked = pre === "kimi-k2";  // its own library is tiktoken
        await record(pre, pre, json, isRanked ? tiktoken(json) : await library(json), versionOf(isRanked ? "tiktoken" : "tokenizers"));
    }
    for (const name of llamaCpp === undefined ? [] : LLAMA_CPP) {
        const pre = name === "refact" ? "starcoder" : name; // they publish the same
        const json = tokenizerJson(pre, ggufVocabulary(join(llamaCpp, "models", `ggml-vocab-${name}.gguf`)));
        await record(name, name, json, await library(json), versionOf("tokenizers"));
    }
    if (llamaModels !== undefined) {
        const {json, encode} = llama4(join(llamaModels, "models", "llama4", "tokenizer.model"));
        await record("llama4", "llama4", json, encode, versionOf("tiktoken"));
    }
}

const packaged = (name) => JSON.parse(readFileSync(
    new URL(`node_modules/@lenml/tokenizer-${name}/models/tokenizer.json`, import.meta.url)));

/** The same by tiktoken: tokens by rank, which is their id. */
function tiktoken({added_tokens, model, pre_tokenizer}) {
    const byteOf = new Map(Array.from({length: 256}, (_, byte) => [visible(String.fromCharCode(byte)), byte]));
    const added = new Set(added_tokens.map(({content}) => content));
    const ranks = Object.entries(model.vocab).filter(([token]) => !added.has(token)).sort(([, a], [, b]) => a - b)
        .map(([token]) => Buffer.from([...token].map((character) => byteOf.get(character))).toString("base64"));
    const own = new Tiktoken(`! 0 ${ranks.join(" ")}`, Object.fromEntries(added_tokens.map(({content, id}) => [content, id])),
        pre_tokenizer.pretokenizers[0].pattern.Regex);
    return async (string) => Array.from(own.encode(string, "all"));
}

/** Llama 4's vocabulary and its own library, tiktoken, as Meta's tokenizer.py sets it up. */
function llama4(file) {
    const tokens = readFileSync(file, "utf8").trim().split("\n").map((line) => line.split(" ")[0]);
    const json = tokenizerJson("gpt-4o", rankedVocabulary(
        tokens.map((token) => Buffer.from(token, "base64").toString("latin1")), LLAMA_4_SPECIALS));
    const own = new Tiktoken(`! 0 ${tokens.join(" ")}`,
        Object.fromEntries(LLAMA_4_SPECIALS.map((name, i) => [name, tokens.length + i])),
        json.pre_tokenizer.pretokenizers[0].pattern.Regex);
    return {json, encode: async (string) => Array.from(own.encode(string, "all"))};
}

/** Kimi's vocabulary and its own library, as tokenization_kimi.py sets it up; special tokens without that flag are always parsed. */
function ranked(model, config) {
    const tokens = readFileSync(model, "utf8").trim().split("\n").map((line) => line.split(" ")[0]);
    const named = JSON.parse(readFileSync(config, "utf8")).added_tokens_decoder;
    const specials = Object.fromEntries(Array.from({length: 256}, (_, i) => tokens.length + i)
        .map((id) => [named[id]?.content ?? `<|reserved_token_${id}|>`, id]));
    const own = new Tiktoken(`! 0 ${tokens.join(" ")}`, specials, publishedWords("kimi-k2").pre_tokenizer.pretokenizers[0].pattern.Regex);
    const parsedAlways = Object.values(named).filter(({special}) => !special).map(({content}) => content);
    const json = (ids) => JSON.stringify(Array.from(ids));
    return {asText: (string) => json(own.encode(string, parsedAlways, [])), parsed: (string) => json(own.encode(string, "all"))};
}

async function tiny(folder) {
    const strings = JSON.parse(readFileSync(join(folder, "strings.json"), "utf8"));
    const encode = async (json) => {
        const ofString = await library(json);
        const all = [];
        for (const string of strings) all.push(JSON.stringify(await ofString(string)));
        return all;
    };
    const write = (name, asText, all, engine = "tokenizers") => {
        const parsed = all.map((ids, i) => [i, ids]).filter(([i, ids]) => ids !== asText[i]).map(([i, ids]) => `"${i}": ${ids}`);
        writeFileSync(join(folder, `ids-${name}.json`), `{"engine": "${versionOf(engine)}",\n`
            + `"asText": [\n${asText.join(",\n")}\n],\n"parsed": {\n${parsed.join(",\n")}\n}}\n`);
    };
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".gguf"))) {
        const pre = file.slice(0, -".gguf".length);
        const vocabulary = ggufVocabulary(join(folder, file));
        const asText = await encode(tokenizerJson(pre, vocabulary, [USER_DEFINED]));
        write(pre, asText, await encode(tokenizerJson(pre, vocabulary)));
    }
    for (const file of readdirSync(folder).filter((name) => name.endsWith(".tokenizer.json"))) {
        const json = () => JSON.parse(readFileSync(join(folder, file), "utf8"));
        const plain = json();
        plain.added_tokens = plain.added_tokens.filter(({special}) => !special);  // no merge leads to those
        write(file.slice(0, -".tokenizer.json".length), await encode(plain), await encode(json()));
    }
    const {asText, parsed} = ranked(join(folder, "tiktoken.model"), join(folder, "tiktoken.config.json"));
    write("tiktoken", strings.map(asText), strings.map(parsed), "tiktoken");
}

const [what, ...rest] = process.argv.slice(2);
if (what === "published" && rest.length > 0) {
    await published(...rest);
} else if (what === "tiny" && rest.length === 1) {
    await tiny(rest[0]);
} else {
    console.error("usage: node record.mjs published OUT [LLAMA_CPP [LLAMA_MODELS]] | tiny FOLDER");
    process.exit(2);
}
