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
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
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

export const consoleText = page => page.evaluate(() => duet.console());
export const lit = (page, n) => page.evaluate(m => document.querySelector(`[data-led="${m}"]`).classList.contains('on'), n);
export const link = page => page.textContent('#link');

// Drops a file where a person would.
export async function drop(page, place, name, type, bytes) {
  const data = await page.evaluateHandle(([n, t, text]) => {
    const transfer = new DataTransfer(), content = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    transfer.items.add(new File([content], n, { type: t }));
    return transfer;
  }, [name, type, bytes.toString('base64')]);
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: data });
  await page.dispatchEvent(place, 'drop', { dataTransfer: data });
}

// What Tab comes by, from the page's start to its end, as the names that are read out.
export async function tabStops(page) {
  const stops = [];
  await page.evaluate(() => { document.body.tabIndex = -1; document.body.focus(); });
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      const name = at.getAttribute('aria-label') || at.closest('label')?.textContent.trim() || at.textContent.trim();
      const ring = at.querySelector?.('.ring') || (at.matches('.button input, .choice input') ? at.nextElementSibling : at.matches('.xterm-helper-textarea') ? document.getElementById('console') : at);
      const style = getComputedStyle(ring), seen = ring.matches('.ring') ? style.opacity === '1' : style.outlineStyle !== 'none';
      return { name, seen, console: at.matches('.xterm-helper-textarea') };
    });
    if (!stop) break;
    stops.push(stop);
    if (stop.console) break; // Tab is the console's from here on
  }
  return stops;
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

// In a second: pictures that arrive, those that the board made, and what this machine can show now: the
// browser's own animation frames, 60 a second when it has the time.
export async function rate(page, seconds) {
  return page.evaluate(async milliseconds => {
    const pictures = duet.pictures, frames = duet.status.frames, start = performance.now();
    let animated = 0, going = true;
    const count = () => { animated++; if (going) requestAnimationFrame(count); };
    requestAnimationFrame(count);
    await new Promise(resolve => setTimeout(resolve, milliseconds));
    going = false;
    const passed = (performance.now() - start) / 1000;
    return { pictures: (duet.pictures - pictures) / passed, made: (duet.status.frames - frames) / passed, possible: animated / passed };
  }, seconds * 1000);
}

// At least 15 pictures a second, or half of what the board makes or a quarter of what the browser can
// animate at all, where the machine is busy.
export async function flows(page) {
  await until('at least 15 pictures a second', async () => {
    const now = await rate(page, 2);
    console.log(`${now.pictures.toFixed(1)} pictures a second of ${now.made.toFixed(1)}, ${now.possible.toFixed(0)} animation frames`);
    return now.pictures > 0 && now.pictures >= Math.min(15, now.made / 2, now.possible / 4);
  }, 60);
}
