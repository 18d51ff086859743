// Completes the licences, then writes a .br and a .gz beside every file that shrinks. Node does it because an unoptimised build script needs minutes for brotli.
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const folder = process.argv[2] ?? "dist";
const shrinks = /\.(js|mjs|css|svg|json|md|txt|webmanifest)$/;
const font = "node_modules/@fontsource-variable/inter";
let total = 0;

// Vite lists the packages whose code is bundled; a font is none of them.
const { version } = JSON.parse(readFileSync(join(font, "package.json"), "utf8"));
appendFileSync(join(folder, "licenses.md"), `\n## Inter (@fontsource-variable/inter) - ${version} (OFL-1.1)\n\n${readFileSync(join(font, "LICENSE"), "utf8")}`);

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !shrinks.test(entry.name)) continue;
  const path = join(entry.parentPath, entry.name);
  const bytes = readFileSync(path);
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  total += brotli.length;
}
console.log(`compressed: ${(total / 1000).toFixed(1)} kB brotli`);
