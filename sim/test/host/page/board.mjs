// board.mjs DUET: the bundled camera system on the live page, in Chromium.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { check, consoleText, flows, lit, open, pixels, start, until } from './browser.mjs';

const duet = process.argv[2];
if (!existsSync(join(dirname(duet), 'firmware/camera/cm7.elf'))) {
  console.log('skipped: the bundled firmware is not built');
  process.exit(77);
}
const place = mkdtempSync(join(tmpdir(), 'duet-board-'));
const board = start(duet, ['run', '--web', '127.0.0.1:0', '--screenshot', join(place, 'end.png')]);
const url = await board.url;
const browser = await open();
try {
  const page = await browser.context.newPage();
  await page.goto(url);
  await until('the panel shows a picture', async () => {
    const shown = await pixels(page);
    let bright = 0;
    for (let n = 0; n < shown.length; n += 4 * 997) bright += shown[n] + shown[n + 1] + shown[n + 2] > 60;
    return bright > 100;
  }, 60);
  await flows(page);
  await until('a console line', async () => /\S+.*\n/.test(await consoleText(page)), 30);
  for (const led of [2, 4]) { // orange is the Cortex-M4's, blue the Cortex-M7's
    const before = await lit(page, led);
    await until(`LED${led} blinks`, async () => await lit(page, led) !== before, 30);
  }
  await page.screenshot({ path: 'board.png' });
} finally {
  await browser.close();
  board.child.kill('SIGINT');
}
const code = await new Promise(resolve => board.child.exitCode !== null ? resolve(board.child.exitCode) : board.child.on('exit', resolve));
check(code === 0, `the board ends in order: ${board.said()}`);
check(readFileSync(join(place, 'end.png')).length > 1000, 'with a screenshot');
rmSync(place, { recursive: true });
