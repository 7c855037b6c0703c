// What llama.cpp makes of strings.json, for each vocabulary: see README.md beside this file.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { getLlama } from "node-llama-cpp";

const folder = process.argv[2];
const strings = JSON.parse(readFileSync(join(folder, "strings.json"), "utf8"));
const llama = await getLlama({ gpu: false, build: "never", logLevel: "fatal" });
for (const file of readdirSync(folder).filter((name) => name.endsWith(".gguf"))) {
  const model = await llama.loadModel({ modelPath: join(folder, file), vocabOnly: true });
  const ids = (string, special) => JSON.stringify(Array.from(model.tokenize(string, special)));
  const asText = strings.map((string) => ids(string, false));
  const parsed = strings
    .map((string, i) => [i, ids(string, true)])
    .filter(([i, ofString]) => ofString !== asText[i])
    .map(([i, ofString]) => `"${i}": ${ofString}`);
  const record =
    `{"engine": "llama.cpp ${llama.llamaCppRelease.release}",\n` +
    `"asText": [\n${asText.join(",\n")}\n],\n"parsed": {\n${parsed.join(",\n")}\n}}\n`;
  writeFileSync(join(folder, `ids-${basename(file, ".gguf")}.json`), record);
  await model.dispose();
}
process.exit(0);
