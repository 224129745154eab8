// What both tests in a browser share: the program under test, the browser, waiting, comparing.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

export function check(condition, what) {
  if (!condition) throw new Error(what);
  console.log('ok: ' + what);
}

// Starts a program and waits until it prints the page's address on either output.
export function start(program, args) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let text = '';
  const url = new Promise((resolve, reject) => {
    const look = data => {
      text += data;
      const found = text.match(/http:\/\/\S+/);
      if (found) resolve(found[0]);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('exit', code => reject(new Error(`ended with ${code}: ${text}`)));
    child.on('error', reject);
  });
  return { child, url, said: () => text };
}

export async function open() {
  const place = mkdtempSync(join(tmpdir(), 'duet-browser-'));
  const context = await chromium.launchPersistentContext(place, {
    executablePath: process.env.CHROMIUM, headless: true, viewport: { width: 1400, height: 900 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  return { context, close: async () => { await context.close(); rmSync(place, { recursive: true }); } };
}

export async function until(what, condition, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await condition();
    if (answer) { console.log('ok: ' + what); return answer; }
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

// The panel's pixels as the browser has them: 800 * 480 * 4 bytes.
export const pixels = async page => Buffer.from(await page.evaluate(() => {
  const bytes = document.getElementById('panel').getContext('2d').getImageData(0, 0, 800, 480).data;
  let text = '';
  for (let n = 0; n < bytes.length; n += 32768) text += String.fromCharCode(...bytes.subarray(n, n + 32768));
  return btoa(text);
}), 'base64');

export function psnr(rgba, wanted, within = () => true) {
  let sum = 0, count = 0;
  for (let y = 0; y < 480; y++)
    for (let x = 0; x < 800; x++)
      if (within(x, y))
        for (let c = 0; c < 3; c++) {
          sum += (rgba[(y * 800 + x) * 4 + c] - wanted(x, y, c)) ** 2;
          count++;
        }
  return 10 * Math.log10(255 * 255 * count / Math.max(sum, 1e-9));
}

// Pictures that arrive in a second, and what this machine can show now: the browser's own animation
// frames in the same time, 60 a second when it has the time.
export async function rate(page, seconds) {
  return page.evaluate(async milliseconds => {
    const pictures = duet.pictures, start = performance.now();
    let animated = 0, going = true;
    const count = () => { animated++; if (going) requestAnimationFrame(count); };
    requestAnimationFrame(count);
    await new Promise(resolve => setTimeout(resolve, milliseconds));
    going = false;
    const passed = (performance.now() - start) / 1000;
    return { pictures: (duet.pictures - pictures) / passed, possible: animated / passed };
  }, seconds * 1000);
}

// At least 15 pictures a second, or a quarter of what a busy machine's browser can animate at all.
export async function flows(page) {
  await until('at least 15 pictures a second', async () => {
    const now = await rate(page, 2);
    console.log(`${now.pictures.toFixed(1)} pictures a second, ${now.possible.toFixed(0)} animation frames`);
    return now.pictures >= Math.min(15, now.possible / 4);
  }, 60);
}
