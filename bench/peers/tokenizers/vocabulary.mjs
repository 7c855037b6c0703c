// Byte-level vocabularies as a tokenizer.json, the form that the models' own library reads.
import {readFileSync} from "node:fs";

/** What models publish as their normalizer, pre-tokenizer and ignore_merges, by the name of tokenizer.ggml.pre. */
const PUBLISHED = JSON.parse(readFileSync(new URL(
    "../../../engine/src/test/resources/dev/tonnage/text/library/pre-tokenizers.json", import.meta.url)));

/** What models of this name publish. */
export const publishedWords = (pre) => PUBLISHED[pre];

const CONTROL = 3, USER_DEFINED = 4, UNKNOWN = 2;

/**
 * A tokenizer.json of a vocabulary whose tokens have GGUF's types. Added tokens are those of the types that the caller
 * names; other control tokens and the unknown one are left out, so that no text is one.
 */
export function tokenizerJson(pre, {tokens, types, merges}, addedTypes = [CONTROL, UNKNOWN, USER_DEFINED]) {
    const {normalizer, pre_tokenizer, ignore_merges} = PUBLISHED[pre];
    const special = (id) => types[id] === CONTROL || types[id] === UNKNOWN;
    const added = tokens.map((content, id) => ({
        id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: special(id)
    })).filter(({id}) => addedTypes.includes(types[id]));
    const vocab = Object.fromEntries(tokens.map((token, id) => [token, id])
        .filter(([, id]) => !special(id) || addedTypes.includes(types[id])));
    return {
        version: "1.0", truncation: null, padding: null, added_tokens: added, normalizer, pre_tokenizer,
        post_processor: null, decoder: null,
        model: {
            type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null,
            fuse_unk: false, byte_fallback: false, ignore_merges, vocab, merges
        }
    };
}

/** The metadata of a GGUF file (the specification's version 3, little-endian) as an object. */
export function ggufMetadata(path) {
    const data = readFileSync(path);
    let at = 24;
    const step = (bytes, read) => { const value = read(at); at += bytes; return value; };
    const long = () => step(8, (i) => Number(data.readBigUInt64LE(i)));
    const text = () => { const length = long(); return step(length, (i) => data.toString("utf8", i, i + length)); };
    const readers = [
        () => step(1, (i) => data.readUInt8(i)), () => step(1, (i) => data.readInt8(i)),
        () => step(2, (i) => data.readUInt16LE(i)), () => step(2, (i) => data.readInt16LE(i)),
        () => step(4, (i) => data.readUInt32LE(i)), () => step(4, (i) => data.readInt32LE(i)),
        () => step(4, (i) => data.readFloatLE(i)), () => step(1, (i) => data.readUInt8(i) !== 0), text,
        () => { const read = readers[readers[4]()]; return Array.from({length: long()}, read); },
        long, () => step(8, (i) => Number(data.readBigInt64LE(i))), () => step(8, (i) => data.readDoubleLE(i))
    ];
    const metadata = {};
    for (let left = Number(data.readBigUInt64LE(16)); left > 0; left--) {
        const key = text();
        metadata[key] = readers[readers[4]()]();
    }
    return metadata;
}

/** A GGUF file's vocabulary. */
export function ggufVocabulary(path) {
    const metadata = ggufMetadata(path);
    return {
        tokens: metadata["tokenizer.ggml.tokens"],
        types: metadata["tokenizer.ggml.token_type"],
        merges: metadata["tokenizer.ggml.merges"]
    };
}

/** A vocabulary of ranks (tiktoken's files) with the special tokens behind it. */
export function rankedVocabulary(ranks, specials) {
    const rankOf = new Map(ranks.map((token, rank) => [token, rank]));
    const merges = ranks.flatMap((token, rank) => token.length > 1 ? [lastTwo(token, rank, rankOf)] : []);
    return {
        tokens: [...ranks.map(visible), ...specials],
        types: [...ranks.map(() => 1), ...specials.map(() => CONTROL)],
        merges: merges.map((pair) => pair.map(visible).join(" "))
    };
}

/** The two parts that the merges before a token's own make of it; tokens are strings of bytes. */
function lastTwo(token, rank, rankOf) {
    const parts = [...token];
    while (parts.length > 2) {
        let best = -1, bestRank = rank;
        for (let i = 0; i + 1 < parts.length; i++) {
            const joined = rankOf.get(parts[i] + parts[i + 1]) ?? rank;
            if (joined < bestRank) [best, bestRank] = [i, joined];
        }
        if (best < 0) throw new Error(`no merges lead to token ${rank}`);
        parts.splice(best, 2, parts[best] + parts[best + 1]);
    }
    return parts;
}

/** Bytes in GPT-2's alphabet. */
export function visible(token) {
    return [...token].map((byte) => String.fromCharCode(ALPHABET[byte.charCodeAt(0)])).join("");
}

const PRINTABLE = Array.from({length: 256}, (_, byte) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae);
const ALPHABET = PRINTABLE.map((printable, byte) =>
    printable ? byte : 256 + PRINTABLE.slice(0, byte).filter((other) => !other).length);
