// SPDX-License-Identifier: MIT
// Runs every story, two files at a time, and tells which ones fail. Arguments name folders, or FOLDER/STORY; without any, all are told.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const folders = process.argv.length > 2 ? process.argv.slice(2) : ['lib', 'api', 'e2e', 'crash', 'paper'];
/* The longest first, so that two at a time end together. */
const SLOW = ['crash', 'paper', 'e2e'];
const files = [...folders]
  .sort((a, b) => SLOW.indexOf(b.split('/')[0]) - SLOW.indexOf(a.split('/')[0]))
  .flatMap((dir) => dir.includes('/') ? [`${dir}.test.mjs`] : readdirSync(join(here, dir)).filter((name) => name.endsWith('.test.mjs')).map((name) => `${dir}/${name}`));
const LIMIT_MS = Number(process.env.SERVERY_STORY_MS ?? 600_000);

function run(file) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--test', '--test-reporter=tap', file], { cwd: here, stdio: ['ignore', 'pipe', 'inherit'] });
    const limit = setTimeout(() => child.kill('SIGTERM'), LIMIT_MS);
    let text = '';
    child.stdout.on('data', (data) => { text += data; });
    child.on('close', (code) => { clearTimeout(limit); resolve({ file, code, text }); });
  });
}

const tally = { passed: 0, failed: [] };

function judge({ file, code, text }) {
  const lines = text.split('\n');
  let leaves = 0, bad = 0;
  lines.forEach((line, at) => {
    const match = /^\s+(ok|not ok) \d+ - (.*)$/.exec(line);
    if (/^# .*: /.test(line) && !line.startsWith('# Subtest')) console.log(`  ${line.slice(2)}`);
    if (!match) return;
    leaves += 1;
    if (match[1] === 'ok') { tally.passed += 1; return; }
    bad += 1;
    tally.failed.push(`${file}: ${match[2]}`);
    console.log(`not ok - ${file}: ${match[2]}\n${lines.slice(at + 1, at + 16).join('\n')}`);
  });
  /* What a machine cannot do is said, not passed over. */
  const reasons = [...text.matchAll(/^ok .* # SKIP (.*)$/gm)].map((match) => match[1]);
  for (const reason of reasons) console.log(`  SKIPPED ${file}: ${reason}`);
  if ((!leaves && !reasons.length) || (code !== 0 && !bad)) {
    tally.failed.push(`${file}: ended with ${code} after ${leaves} stories`);
    console.log(text.slice(Math.max(0, text.search(/^not ok/m))).slice(0, 4000));
  }
  console.log(`${file}: ${leaves - bad} of ${leaves}`);
}

const queue = [...files];
await Promise.all([1, 2].map(async () => {
  for (let file = queue.shift(); file; file = queue.shift()) judge(await run(file));
}));
for (const name of tally.failed) console.log(`FAILED ${name}`);
console.log(`stories: ${tally.passed} passed, ${tally.failed.length} failed`);
process.exit(tally.failed.length ? 1 : 0);
