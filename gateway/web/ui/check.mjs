// The compiler's check of the types. Ends with 77 when the packages are not installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const compiler = 'node_modules/typescript/bin/tsc';
if (!existsSync(compiler)) {
  console.log('skipped: the packages of the page are not installed');
  process.exit(77);
}
process.exit(spawnSync(process.execPath, [compiler, '--noEmit'], { stdio: 'inherit' }).status ?? 1);
