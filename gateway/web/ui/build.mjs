// Bundles the page and writes it as page.S and page.cpp, so that the program carries it: node build.mjs [out]
// Same sources and lock file, same bytes.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const out = resolve(process.argv[2] ?? 'dist');
rmSync(join(out, 'files'), { recursive: true, force: true });
mkdirSync(join(out, 'files'), { recursive: true });

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
const assets = [];
const add = (path, type, bytes) => assets.push({ path, type, bytes: Buffer.from(bytes), hash: hashOf(bytes) });
const addHashed = (stem, extension, type, bytes) => {
  const path = `/assets/${stem}-${hashOf(bytes)}.${extension}`;
  add(path, type, bytes);
  return path;
};

const bundle = await build({
  entryPoints: ['src/app/main.tsx'],
  bundle: true,
  minify: true,
  write: false,
  outdir: 'out',
  format: 'esm',
  target: ['es2021'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
});
const contentOf = (extension) => bundle.outputFiles.find((file) => file.path.endsWith(extension)).contents;
const script = addHashed('page', 'js', 'text/javascript; charset=utf-8', contentOf('.js'));
const style = addHashed('page', 'css', 'text/css; charset=utf-8', contentOf('.css'));
const icon = addHashed('icon', 'svg', 'image/svg+xml', readFileSync('src/app/icon.svg'));
const html = readFileSync('src/app/index.html', 'utf8')
  .replace('{{script}}', script)
  .replace('{{style}}', style)
  .replace('{{icon}}', icon);
add('/', 'text/html; charset=utf-8', html);

const quoted = (text) => JSON.stringify(text);
let assembly = '    .section .rodata\n';
let declarations = '';
let rows = '';
assets.forEach((asset, index) => {
  const sizes = {};
  for (const form of ['plain', 'gzip']) {
    const bytes = form === 'plain' ? asset.bytes : gzipSync(asset.bytes, { level: 9 });
    const file = join(out, 'files', `${index}-${asset.hash}.${form}`);
    const symbol = `hefang_page_${index}_${form}`;
    writeFileSync(file, bytes);
    sizes[form] = bytes.length;
    assembly += `    .global ${symbol}\n${symbol}:\n    .incbin ${quoted(file)}\n    .byte 0\n`;
    declarations += `extern "C" const char ${symbol}[];\n`;
  }
  const view = (form) => `{hefang_page_${index}_${form}, ${sizes[form]}}`;
  rows += `    {${quoted(asset.path)}, ${quoted(asset.type)}, ${quoted(asset.hash)}, ${view('plain')}, ${view('gzip')}},\n`;
  console.log(`${asset.path} ${sizes.plain} bytes, ${sizes.gzip} compressed`);
});
assembly += '    .section .note.GNU-stack,"",%progbits\n';
const table =
  '#include "web/asset.hpp"\n\n' + declarations +
  '\nnamespace hefang::web {\nnamespace {\nconst Asset assets[] = {\n' + rows +
  '};\n}  // namespace\nstd::span<const Asset> embedded_assets() { return assets; }\n}  // namespace hefang::web\n';
writeFileSync(join(out, 'page.S'), assembly);
writeFileSync(join(out, 'page.cpp'), table);
