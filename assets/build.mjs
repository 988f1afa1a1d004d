// Builds the scripts of entry in a browser into the package: `make assets`. Nothing is fetched at run time.
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { PHRASES } from "./src/phrases.mjs";

const out = "../src/danbe/web/static/entry";

// The form engine speaks English only; each of its sentences is looked up when the page is drawn.
const translated = {
  name: "phrases",
  setup(build) {
    build.onLoad({ filter: /@getodk\/web-forms\/dist\/.*\.js$/ }, async ({ path }) => {
      let code = await readFile(path, "utf8");
      for (const phrase of PHRASES) {
        const text = JSON.stringify(phrase);
        code = code.replaceAll(new RegExp(`(?<![\\w.])${escape(text)}(?!:)`, "g"), `globalThis.danbePhrase(${text})`);
      }
      // «n questions with errors.» is the one sentence made of parts.
      code = code.replaceAll(/`\$\{(\w+)\} questions with errors\.`/g, 'globalThis.danbePhrase("%n questions with errors.").replace("%n", $1)');
      // Its fonts are 1.2 MB that phones would wait for; the page's own serve.
      code = code.replaceAll(/@font-face\s*\{[^}]*\}/g, "");
      return { contents: code, loader: "js" };
    });
  },
};
function escape(text) {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const common = { bundle: true, minify: true, format: "esm", target: "es2022", legalComments: "linked", metafile: true, outdir: out };
const pages = await build({
  ...common,
  entryPoints: ["src/entry.mjs", "src/outbox.mjs", "src/preview.mjs"],
  splitting: true,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  define: { __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false", __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false", "process.env.NODE_ENV": '"production"' },
  plugins: [translated],
  logLevel: "warning",
});
await build({ ...common, entryPoints: ["src/worker.mjs"], logLevel: "warning" });

const built = { worker: "worker.js" };
for (const [file, told] of Object.entries(pages.metafile.outputs)) {
  if (!file.endsWith(".js")) continue;
  const name = told.entryPoint ? basename(told.entryPoint, ".mjs") : basename(file, ".js");
  built[name] = basename(file);
}
await writeFile(`${out}/built.json`, JSON.stringify(built, Object.keys(built).sort(), 1) + "\n");
console.log(Object.values(built).join("\n"));
