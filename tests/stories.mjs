// SPDX-License-Identifier: MIT
// Runs every story and compares what fails with tests/open-stories.txt, the list of those that this version does not tell
// yet ("file: name" a line). Fails when any other story fails. --list prints the failing ones in the list's form.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const files = ['lib', 'api', 'e2e', 'paper'].flatMap((dir) =>
  readdirSync(join(here, dir)).filter((name) => name.endsWith('.test.mjs')).map((name) => `${dir}/${name}`));
const open = new Set(readFileSync(join(here, 'open-stories.txt'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#')));

function run(file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--test', '--test-reporter=tap', file], { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] });
    const limit = setTimeout(() => child.kill('SIGTERM'), 240_000);
    let text = '';
    child.stdout.on('data', (data) => { text += data; });
    child.on('close', (code) => { clearTimeout(limit); resolve({ file, code, text }); });
  });
}

const tally = { passed: 0, failed: [], open: 0 };

function unlisted({ file, text }) {
  return [...text.matchAll(/^\s+not ok \d+ - (.*)$/gm)].some((match) => !open.has(`${file}: ${match[1]}`));
}

function judge({ file, code, text }) {
  const lines = text.split('\n');
  let leaves = 0, bad = 0;
  lines.forEach((line, at) => {
    const match = /^\s+(ok|not ok) \d+ - (.*)$/.exec(line);
    if (!match) return;
    leaves += 1;
    const name = `${file}: ${match[2]}`;
    if (match[1] === 'ok') { tally.passed += 1; return; }
    bad += 1;
    if (open.has(name)) { tally.open += 1; return; }
    tally.failed.push(name);
    if (!process.argv.includes('--list')) console.log(`not ok - ${name}\n${lines.slice(at + 1, at + 16).join('\n')}`);
  });
  if (!leaves || (code !== 0 && !bad && !open.has(`${file}: *`))) tally.failed.push(`${file}: *`);
  console.error(`${file}: ${leaves - bad} of ${leaves}`);
}

const queue = [...files];
await Promise.all([1, 2].map(async () => {
  for (let file = queue.shift(); file; file = queue.shift()) {
    let result = await run(file);
    // A story that was cut off took others of its file with it without their having been told: such a file is run again.
    for (let again = 0; again < 3 && result.text.includes('cancelledByParent') && unlisted(result); again += 1) {
      console.error(`${file}: cut off, once more`);
      result = await run(file);
    }
    judge(result);
  }
}));
if (process.argv.includes('--list')) console.log(tally.failed.join('\n'));
console.log(`stories: ${tally.passed} passed, ${tally.failed.length} failed, ${tally.open} skipped`);
process.exit(tally.failed.length ? 1 : 0);
