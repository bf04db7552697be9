// Bundles every src/**/*.test.ts for node and runs its own test runner over them. Ends with 77 when the packages are not
// installed: then there is no page to test.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { build } = await import('esbuild').catch(() => {
  console.log('skipped: the packages of the page are not installed');
  process.exit(77);
});
const tests = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return tests(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
const outdir = mkdtempSync(join(tmpdir(), 'hefang-page-'));
await build({
  entryPoints: tests('src'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  outdir,
  outbase: 'src',
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
});
const built = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? built(join(folder, entry.name)) : [join(folder, entry.name)]);
const run = spawnSync(process.execPath, ['--test', ...built(outdir)], { stdio: 'inherit' });
rmSync(outdir, { recursive: true, force: true });
process.exit(run.status ?? 1);
