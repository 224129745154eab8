// board.mjs DUET: the bundled camera system on the live page, as a person meets it, in Chromium.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { check, consoleText, drop, flows, link, lit, open, pixels, start, until } from './browser.mjs';

// Where the camera system's panel has what is touched and looked at here: the button with the dot that
// blinks, and the card with a message, over the picture of the camera.
const RECORD = [720, 106], RECORD_BOX = [650, 74, 140, 64], CARD = [220, 120, 360, 14], CARD_OK = [400, 330];

const duet = process.argv[2];
if (!existsSync(join(dirname(duet), 'firmware/camera/cm7.elf'))) {
  console.log('skipped: the bundled firmware is not built');
  process.exit(77);
}
const place = mkdtempSync(join(tmpdir(), 'duet-board-')), image = join(place, 'my.img');
const board = start(duet, ['run', '--web', '127.0.0.1:0', '--stick', `${image},size=64M`, '--screenshot', join(place, 'end.png')]);
const url = await board.url;
const browser = await open();
try {
  const page = await browser.context.newPage();
  await page.goto(url);
  const says = (words, seconds = 60) => until(`the console says ${words}`, async () => words.test(await consoleText(page)), seconds);
  const time = async () => parseFloat(await page.textContent('#time'));
  const touch = async ([x, y]) => {
    const box = await page.locator('#panel').boundingBox();
    await page.mouse.click(box.x + box.width * x / 800, box.y + box.height * y / 480);
  };
  // The share of the pixels in a box that are of a colour.
  const share = async ([left, top, width, height], wanted) => {
    const shown = await pixels(page);
    let count = 0;
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++) count += wanted(...shown.subarray((y * 800 + x) * 4, (y * 800 + x) * 4 + 3));
    return count / (width * height);
  };
  const save = async name => {
    const [got] = await Promise.all([page.waitForEvent('download'), page.click(`[aria-label="Save ${name}"]`)]);
    return readFileSync(await got.path());
  };

  await until('the panel shows a picture', async () => await share([0, 0, 640, 480], (r, g, b) => r + g + b > 60) > .5, 60);
  await flows(page);
  await says(/M4: stick "DUET"/);
  for (const led of [2, 4]) { // orange is the Cortex-M4's, blue the Cortex-M7's
    const before = await lit(page, led);
    await until(`LED${led} blinks`, async () => await lit(page, led) !== before, 30);
  }
  await until('notifications go both ways', async () => Number(await page.textContent('#notes0')) > 5 && Number(await page.textContent('#notes1')) > 5, 60);

  // A film: the dot is there and is not, in turn. Touched again it ends.
  const dot = (r, g, b) => r > 170 && g < 110 && b < 120, recordDot = () => share(RECORD_BOX, dot);
  await touch(RECORD);
  await says(/M4: recording DUET0001.AVI/);
  const seen = [];
  await until('the dot blinks', async () => {
    seen.push(await recordDot());
    return Math.max(...seen) > .005 && Math.min(...seen) < Math.max(...seen) / 3;
  }, 60);
  await page.screenshot({ path: 'board.png' });
  await touch(RECORD);
  await says(/DUET0001.AVI: \d+ frames/);
  await until('its file is listed', async () => /DUET0001\.AVI[\d.]+ [KM]BSave/.test(await page.textContent('#files')), 60);

  // The next one is cut off: the stick is pulled, at the drawing.
  await touch(RECORD);
  await says(/M4: recording DUET0002.AVI/);
  await page.click('#usb');
  await says(/M4: DUET0002.AVI was cut off[^]*M4: the stick was taken out\n/);
  const dark = (r, g, b) => r < 60 && g < 60 && b < 70, message = async () => await share(CARD, dark) > .9;
  await until('and so does a card on the panel', message, 60);
  await page.screenshot({ path: 'board-pulled.png' });
  check((await page.textContent('#stick-name')).includes('pulled out'), 'the page says so');
  const film = await save('DUET0001.AVI'), copied = spawnSync('mcopy', ['-i', image, '::/DUET0001.AVI', '-'], { maxBuffer: 1 << 27 });
  check(film.length > 100000 && film.equals(copied.stdout), `the film that is saved is the one on the stick: ${film.length} bytes`);
  await page.click('#usb');
  await until('it is plugged in again', async () => (await consoleText(page)).split('M4: stick "DUET"').length === 3, 60);
  if (await message()) await touch(CARD_OK);
  await until('the card is gone', async () => !await message(), 60);

  // A picture that is dropped on the page is before the camera.
  const red = spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'color=0xc81428:s=64x48', '-frames:v', '1', '-f', 'image2pipe', '-c:v', 'png', '-']).stdout;
  const isRed = (r, g, b) => Math.abs(r - 200) < 24 && Math.abs(g - 20) < 24 && Math.abs(b - 40) < 24;
  await drop(page, 'body', 'red.png', 'image/png', red);
  await until('the panel shows the picture', async () => await share([40, 40, 560, 400], isRed) > .99, 60);
  check(await page.textContent('#camera-name') === 'red.png', 'under its name');
  await drop(page, 'body', 'broken.png', 'image/png', Buffer.from('no picture'));
  await until('one that is none is refused in words', async () => /broken.png/.test(await page.textContent('#told')), 30);
  check(!/duet-scratch/.test(await page.textContent('#told')), 'without the path that the board has for it');
  check(await page.textContent('#camera-name') === 'red.png', 'and nothing changes');
  await page.click('#camera-own');
  await until('the panel shows the webcam', async () => await share([40, 40, 560, 400], isRed) < .5 && await page.textContent('#camera-name') === 'a webcam in a browser', 60);
  await page.click('#camera-scene');
  await until('the scene is back', async () => await page.textContent('#camera-name') === 'scene', 30);

  // Time stands, and so does the picture.
  await page.click('#hold');
  await until('the board is paused', async () => await link(page) === 'paused', 30);
  await page.waitForTimeout(300);
  const stood = await time(), still = await pixels(page);
  await page.waitForTimeout(700);
  check(await time() === stood && (await pixels(page)).equals(still), 'time and the picture stand');
  for (let n = 1; n <= 3; n++) {
    await page.click('#step-frame');
    await until('one frame goes by', async () => Math.abs(await time() - stood - n * .033) < .001, 30);
  }
  await until('and the picture moves', async () => !(await pixels(page)).equals(still), 10);
  await page.click('#hold');

  // The shell, and the black button.
  await page.click('#console');
  await page.keyboard.type('leds 3 on\n');
  await until('LED3 is lit by a command', () => lit(page, 3), 60);
  await page.click('[data-button=RESET]');
  await until('the board starts again', async () => (await consoleText(page)).split('M4 is up').length === 3, 60);
  await until('and LED3 is dark', async () => !await lit(page, 3), 10);
} finally {
  await browser.close();
  board.child.kill('SIGINT');
}
const code = await new Promise(resolve => board.child.exitCode !== null ? resolve(board.child.exitCode) : board.child.on('exit', resolve));
check(code === 0, `the board ends in order: ${board.said()}`);
check(readFileSync(join(place, 'end.png')).length > 1000, 'with a screenshot');
rmSync(place, { recursive: true });
