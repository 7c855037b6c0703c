// Runs Tonnage and other engines in turns on the same models and writes what they came to. README.md says what is needed.
// usage: node compare.mjs [options] MODEL.gguf...
import {execFile, execFileSync} from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {fileURLToPath} from "node:url";
import {parseArgs, promisify} from "node:util";

const run = promisify(execFile);
const peers = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(peers, "..", "..");

/** Cores that others may have while an engine computes. */
const MOST_FOREIGN_CORES = 0.15;

/** By how much memory may have changed over a turn. */
const MOST_CHANGE = 0.25;

/** Of what memory gives; below it generation is called slow. */
const HOPED_PART = 0.8;

const {values: options, positionals: models} = parseArgs({
    allowPositionals: true,
    options: {
        prompt: {type: "string", short: "p", default: "512"},
        generate: {type: "string", short: "n", default: "128"},
        depth: {type: "string", short: "d", default: "0"},
        threads: {type: "string", short: "t", default: String(os.availableParallelism())},
        turns: {type: "string", default: "5"},
        tries: {type: "string", default: "3"},
        jlama: {type: "string", multiple: true, default: []},
        out: {type: "string", default: path.join(root, "docs", "performance.md")}
    }
});
if (models.length === 0) {
    console.error("usage: node compare.mjs [-p 512] [-n 128] [-d 0] [-t THREADS] [--turns 5] [--tries 3]"
        + " [--jlama FOLDER]... [--out FILE] MODEL.gguf...");
    process.exit(2);
}
const [prompt, generate, depth, threads, turns, tries] =
    [["prompt", 1], ["generate", 1], ["depth", 0], ["threads", 1], ["turns", 1], ["tries", 1]].map(([name, least]) => {
        const number = Number(options[name]);
        if (Number.isInteger(number) && number >= least) return number;
        console.error(`--${name}: expected a number of at least ${least}, but found '${options[name]}'`);
        return process.exit(2);
    });

const java = execFileSync("sh", ["-c", ". .mvn/find-jdk.sh && tonnage_find_jdk && echo \"$JAVA_HOME/bin/java\""],
    {cwd: root, encoding: "utf8"}).trim();
const javaFlags = ["--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"];

/** Each turn is a process of its own, which has ended when the next begins. */
const engines = {
    tonnage: {
        command: (model) => [path.join(root, "tonnage"), "bench", "-m", model, "-p", prompt, "-n", generate, "-d", depth,
            "-t", threads, "-r", 1, "-o", "json"],
        read: (out) => {
            const [pp, tg] = JSON.parse(out);
            return {
                promptRate: pp.avg_ts,
                generationRate: tg.avg_ts,
                bytesPerToken: tg.bytes_per_token,
                interleaved: tg.avg_memory_part,
                version: `Tonnage ${tg.version} (${commit()}), Java ${tg.java}`,
                computes: tg.kernels
            };
        }
    },
    "llama.cpp": {
        command: (model) => [process.execPath, path.join(peers, "llama-turn.mjs"), model, prompt, generate, depth, threads],
        read: JSON.parse
    },
    Jlama: {
        command: (folder) => [java, ...javaFlags, "-cp", path.join(peers, "jlama", "target", "lib", "*"),
            path.join(peers, "jlama", "JlamaTurn.java"), folder, prompt, generate, depth, threads],
        read: (out) => ({...JSON.parse(out), version: `Jlama ${jlamaVersion()}`})
    }
};

function commit() {
    try {
        return execFileSync("git", ["describe", "--always", "--dirty"], {cwd: root, encoding: "utf8"}).trim();
    } catch {
        return "no checkout";
    }
}

function jlamaVersion() {
    const pom = fs.readFileSync(path.join(peers, "jlama", "pom.xml"), "utf8");
    return /<jlama.version>(.*)<\/jlama.version>/.exec(pom)[1];
}

/** What memory gives now, in GB/s. */
async function readNow() {
    const jar = path.join(root, "cli", "target", "tonnage.jar");
    const {stdout} = await run(java, [...javaFlags, "-cp", jar, path.join(peers, "ReadNow.java"), String(threads)]);
    return Number(stdout);
}

/** Seconds of the CPU so far: of all processes, idleness left out, and of this one and those it waited for. */
function cpuSeconds() {
    const ticks = 100; // a second, on every Linux there is
    const [, user, nice, system, , , irq, softIrq, steal] =
        fs.readFileSync("/proc/stat", "utf8").split("\n")[0].split(/\s+/).map(Number);
    const own = fs.readFileSync("/proc/self/stat", "utf8").replace(/^.*\) /, "").split(" ").slice(11, 15).map(Number);
    return {all: (user + nice + system + irq + softIrq + steal) / ticks, own: own.reduce((a, b) => a + b) / ticks};
}

/** A turn, repeated while others are busy; the last try stays, and says so. */
async function turn(engine, model) {
    for (let attempt = 1; ; attempt++) {
        const before = await readNow();
        const cpu = cpuSeconds();
        const since = performance.now();
        const [program, ...args] = engines[engine].command(model).map(String);
        const {stdout} = await run(program, args, {maxBuffer: 1 << 26});
        const seconds = (performance.now() - since) / 1e3;
        const now = cpuSeconds();
        const after = await readNow();
        const foreignCores = Math.max(0, now.all - cpu.all - (now.own - cpu.own)) / seconds;
        const change = Math.abs(after - before) / Math.max(before, after);
        const busy = foreignCores > MOST_FOREIGN_CORES || change > MOST_CHANGE;
        const date = new Date().toISOString();
        const result = {...engines[engine].read(stdout), engine, model, date, attempt, before, after, foreignCores, busy};
        console.error(`${engine}, ${path.basename(model)}, try ${attempt}: ${result.promptRate.toFixed(2)} and`
            + ` ${result.generationRate.toFixed(2)} tok/s; memory ${before.toFixed(1)} and ${after.toFixed(1)} GB/s;`
            + ` others had ${foreignCores.toFixed(2)} cores${busy ? ": busy" : ""}`);
        if (!busy || attempt >= tries) return result;
    }
}

function median(numbers) {
    const sorted = [...numbers].sort((a, b) => a - b);
    return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Of quiet turns, if at least half of them were; else of all, and that is marked. */
function summary(engine, model, all) {
    const quiet = all.filter((each) => !each.busy);
    const counted = quiet.length * 2 >= all.length ? quiet : all;
    const of = (value) => median(counted.map(value));
    return {
        engine,
        model,
        mark: counted === quiet ? "" : " (busy)",
        turns: counted.length,
        promptRate: of((each) => each.promptRate),
        generationRate: of((each) => each.generationRate),
        memory: of((each) => (each.before + each.after) / 2),
        interleaved: all[0].interleaved == null ? null : of((each) => each.interleaved)
    };
}

/** What the system says of the processor: its name, and which one that is where the name is a family's. */
function processor() {
    const info = fs.readFileSync("/proc/cpuinfo", "utf8");
    const field = (name) => new RegExp(`^${name}\\s*: (.*)$`, "m").exec(info)?.[1] ?? "unknown";
    const vectors = field("flags").split(" ").filter((flag) => /^(avx2|avx512f|avx512_vnni|avx_vnni|amx_tile|avx512_bf16)$/.test(flag));
    return `${field("model name")} (family ${field("cpu family")}, model ${field("model")}; ${vectors.join(", ")}), ${os.cpus().length} cores`;
}

function table(rows) {
    const percent = (part) => (part === null ? "-" : `${Math.round(100 * part)}%`);
    return [
        `| model | engine | turns | pp${prompt}, tok/s | tg${generate}, tok/s | memory, GB/s | of it | between the tokens |`,
        "|---|---|---:|---:|---:|---:|---:|---:|",
        ...rows.map((row) => `| ${path.basename(row.model)} | ${row.engine} | ${row.turns}${row.mark} | ${row.promptRate.toFixed(2)} |`
            + ` ${row.generationRate.toFixed(2)} | ${row.memory.toFixed(1)} | ${percent(part(row))} | ${percent(row.interleaved)} |`)
    ].join("\n");
}

/** Which part of what memory gave before and after generation read; of Jlama's own format nobody knows. */
function part(row) {
    return row.bytesPerToken === null ? null : row.generationRate * row.bytesPerToken / (row.memory * 1e9);
}

/** Where another engine was faster, and where generation left memory idle. */
function disappointments(rows) {
    const lines = [];
    for (const own of rows.filter((row) => row.engine === "tonnage")) {
        const name = path.basename(own.model);
        for (const other of rows.filter((row) => row.group === own.group && row !== own)) {
            for (const [what, rate] of [["reads prompts", "promptRate"], ["generates", "generationRate"]]) {
                const times = other[rate] / own[rate];
                if (times > 1) lines.push(`- ${name}: ${other.engine} ${what} ${times.toFixed(2)} times as fast as Tonnage.`);
            }
        }
        const reached = own.interleaved ?? part(own);
        if (reached < HOPED_PART) {
            lines.push(`- ${name}: generation reads ${Math.round(100 * reached)}% of what memory gives, where ${100 * HOPED_PART}% were hoped for.`);
        }
    }
    return lines.length === 0 ? "Nothing." : lines.join("\n");
}

/** A command as somebody else would type it: programs and models by their names alone. */
function shown(command) {
    return command.map((word, at) => {
        const text = String(word).replaceAll(root + path.sep, "");
        const name = path.isAbsolute(text) || models.includes(text) || options.jlama.includes(text) ? path.basename(text) : text;
        return at > 0 && name.includes("*") ? `'${name}'` : name;
    }).join(" ");
}

function report(rows, results) {
    const versions = [...new Map(results.map((each) => [each.engine, `- ${each.version}: ${each.computes}`])).values()];
    const commands = [process.argv, ...[...new Set(results.map((each) => each.engine))].map((engine) => engines[engine].command("MODEL"))];
    const retried = results.filter((each) => each.attempt > 1).length;
    const busy = results.filter((each) => each.busy).length;
    return `# Performance

Measured on ${results[0].date.slice(0, 10)} by bench/peers/compare.mjs. Rates of a shared machine change from minute to minute: what holds
longer is how engines that took turns stand to each other, and to what memory gave.

- machine: ${processor()}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB, ${os.type()} ${os.release()}
- threads: ${threads}; tokens that are there before: ${depth}
${versions.join("\n")}

${table(rows)}

Medians of ${turns} turns each, in turns; each turn is a process, in which the test is done once before it counts. Memory is what ${threads}
threads read before and after a turn; "of it" is what generation read in a second (weights, keys and values) over that; "between the
tokens" is the same over what Tonnage's own bench measured between two tokens. A turn counts as busy where other processes had
more than ${MOST_FOREIGN_CORES} cores or memory changed by more than ${100 * MOST_CHANGE}% over it: then it was done again, up to ${tries} times
(${retried} turns were), and ${busy} of ${results.length} stayed busy. Busy turns count only where most of a row's were, and the row is marked then.

## Slower than hoped

${disappointments(rows)}

## Commands

    ${commands.map(shown).join("\n    ")}
`;
}

execFileSync(path.join(root, "tonnage"), ["--version"], {stdio: ["ignore", "ignore", "inherit"]}); // builds, if anything is newer
const results = [];
const rows = [];
for (const [group, model] of models.entries()) {
    const entrants = [["tonnage", model], ["llama.cpp", model]];
    if (group < options.jlama.length) entrants.push(["Jlama", options.jlama[group]]);
    const found = entrants.map(() => []);
    for (let count = 0; count < turns; count++) {
        for (const [at, entrant] of entrants.entries()) found[at].push(await turn(...entrant));
    }
    results.push(...found.flat());
    const bytesPerToken = found[0][0].bytesPerToken;
    entrants.forEach(([engine, of], at) => rows.push(
        {...summary(engine, of, found[at]), group, bytesPerToken: engine === "Jlama" ? null : bytesPerToken}));
}
fs.writeFileSync(options.out, report(rows, results));
console.error(`written: ${options.out}`);
console.log(JSON.stringify(results, null, 1));
