// page.mjs PAGE_SERVER: the live page alone, in Chromium.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, consoleText, drop, flows, link, lit, open, pixels, psnr, start, tabStops, until } from './browser.mjs';

// A stick with a folder, a name in letters that are not all English, and a file that spans clusters.
const place = mkdtempSync(join(tmpdir(), 'duet-page-')), image = join(place, 'stick.img');
const long = Buffer.from(Array.from({ length: 300001 }, (_, n) => (n * 31 + (n >> 8)) & 255));
writeFileSync(join(place, 'long.bin'), long);
writeFileSync(join(place, 'short.txt'), 'a few words\n');
for (const words of [['mkfs.fat', '-C', '-F', '32', '-n', 'HOLIDAY', image, '70000'], ['mmd', '-i', image, '::/DCIM'],
  ['mcopy', '-i', image, join(place, 'long.bin'), '::/DCIM/a long name.bin'], ['mcopy', '-i', image, join(place, 'short.txt'), '::/über die Berge.txt']]) {
  const made = spawnSync(words[0], words.slice(1), { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  check(made.status === 0, `${words[0]} ${made.stderr || made.error || ''}`);
}

const server = start(process.argv[2], ['127.0.0.1:0', image]);
const url = await server.url;
const browser = await open();
const said = page => async words => (await consoleText(page)).includes(words);
try {
  const foreign = [];
  browser.context.on('request', request => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:') &&
        !request.url().startsWith('blob:')) foreign.push(request.url());
  });
  const page = await browser.context.newPage();
  const errors = [], says = said(page);
  page.on('pageerror', error => errors.push(String(error)));
  page.on('console', line => { if (line.type() === 'error') errors.push(line.text()); });
  await page.goto(url);
  await until('the page is live', async () => await link(page) === 'live');

  // The picture: all but the row of the moving bar must be the gradient that the server painted.
  await until('a picture arrives', () => page.evaluate(() => duet.pictures > 2));
  let quality = 0; // a picture that arrived is decoded and drawn a little later
  await until('the panel\'s pixels are those of the board', async () => {
    quality = psnr(await pixels(page),
      (x, y, c) => [x * 255 / 800, y * 255 / 480, 255 - x * 255 / 800][c], (x, y) => y < 232 || y > 288);
    return quality > 36;
  }, 20);
  console.log(`the panel's pixels: ${quality.toFixed(1)} dB`);
  await until('the bar is in one place', async () => {
    const bar = await pixels(page);
    return Array.from({ length: 20 }, (_, n) => bar[((260 * 800) + n * 40 + 20) * 4 + 1]).filter(v => v > 240).length === 1;
  });
  await flows(page);

  // LEDs, console, numbers.
  await until('LED1 and LED4 are lit, LED3 is not', async () => await lit(page, 1) && !await lit(page, 3) && await lit(page, 4));
  await until('LED2 goes on', () => lit(page, 2));
  await until('LED2 goes off', async () => !await lit(page, 2));
  check(/^LD4, blue, on$/.test(await page.getAttribute('[data-led="4"]', 'aria-label')), 'an LED is told to who cannot see it');
  await until('the console line is there as text',
    async () => (await consoleText(page)).startsWith('hello <b>board</b> & é\n'));
  await until('the load of the Cortex-M7', async () => await page.textContent('#load0') === '6.3 %');
  await until('the Cortex-M4 is in reset', async () => await page.textContent('#load1') === 'in reset');
  await until('notifications a second', async () => Math.abs(Number(await page.textContent('#notes0')) - 50) < 8);
  check(/^\d+\.\d\d s$/.test(await page.textContent('#time')), 'board time');
  check(await page.locator('#load-plot canvas').count() === 1, 'the loads are plotted');

  // From the browser to the board: typing, touch, buttons.
  await page.click('#console');
  await page.keyboard.type('fps');
  await until('typing arrives', () => says('typed f\ntyped p\ntyped s\n'));
  const box = await page.locator('#panel').boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 4);
  await until('a touch arrives', async () => /touched (399|400|401) (119|120|121) by 0\nlifted 0/.test(await consoleText(page)));
  for (const [button, words] of [['WAKEUP', 'pressed WAKEUP\nreleased WAKEUP'], ['LEFT', 'pressed LEFT\nreleased LEFT'], ['RESET', 'reset\n']]) {
    const key = await page.locator(`[data-button=${button}] .cap`).boundingBox();
    await page.mouse.click(button === 'LEFT' ? key.x + key.width / 3 : key.x + key.width / 2, key.y + key.height / 2);
    await until(`${button} arrives`, () => says(words));
  }

  // Two fingers of a hand, as a touch screen tells them.
  const hand = await browser.context.newCDPSession(page);
  const finger = (x, y, id) => ({ x: box.x + box.width * x, y: box.y + box.height * y, id });
  await hand.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [finger(.25, .5, 1)] });
  await hand.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [finger(.25, .5, 1), finger(.75, .5, 2)] });
  await hand.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [finger(.25, .5, 1), finger(.75, .75, 2)] });
  await hand.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await until('two fingers arrive', async () => {
    const text = await consoleText(page);
    return /touched (199|200|201) (239|240|241) by 0/.test(text) && /touched (599|600|601) (239|240|241) by 1/.test(text) &&
      /touched (599|600|601) (359|360|361) by 1/.test(text) && text.includes('lifted 0') && text.includes('lifted 1');
  });

  // Time: it stands, goes on by a step, and runs.
  const time = async () => parseFloat(await page.textContent('#time'));
  await page.click('#hold');
  await until('time is paused', async () => await link(page) === 'paused' && /\.\d\d\d s$/.test(await page.textContent('#time')));
  const stood = await time();
  await page.waitForTimeout(400);
  check(await time() === stood, 'time stands');
  await page.click('#step-frame');
  await until('one frame', async () => Math.abs(await time() - stood - .033) < .0005);
  await page.click('#step-ms');
  await until('one millisecond', async () => Math.abs(await time() - stood - .034) < .0005);
  await page.click('#hold');
  await until('time runs', async () => await link(page) === 'live' && await time() > stood + .2);
  await page.check('[name=pace][value=max]');
  await until('at full speed', () => page.isChecked('[name=pace][value=max]'));
  await page.waitForTimeout(300);
  check(await page.isChecked('[name=pace][value=max]'), 'the choice is the board\'s');

  // Files to the board, and cameras.
  const sum = bytes => bytes.reduce((total, byte) => total + byte, 0);
  await page.setInputFiles('#camera-file', { name: 'my ph;oto.png', mimeType: 'image/png', buffer: long });
  await until('a picture arrives whole', () => says(`camera my ph_oto.png ${long.length} ${sum(long)}\n`));
  const sectors = Buffer.concat([Buffer.alloc(-long.length & 511), long]), sparse = Buffer.concat([Buffer.alloc(3 << 20), sectors]);
  await page.setInputFiles('#stick-file', { name: 'a.img', mimeType: '', buffer: sparse });
  await until('an image arrives whole', () => says(`plugged a.img ${sparse.length} ${sum(long)}\n`));
  await drop(page, '[data-drop=camera]', 'dropped.jpg', 'image/jpeg', long);
  await until('a picture that is dropped arrives', () => says(`camera dropped.jpg ${long.length} ${sum(long)}\n`));
  await drop(page, 'body', 'dropped.img', '', sectors);
  await until('an image that is dropped on the page arrives', () => says(`plugged dropped.img ${sectors.length} ${sum(long)}\n`));
  await page.setInputFiles('#stick-file', { name: 'none.img', mimeType: '', buffer: Buffer.alloc(0) });
  await until('an empty file is refused in words', async () => (await page.textContent('#told')).includes('none.img: is empty'));
  await drop(page, '[data-drop=stick]', 'photo.png', 'image/png', long);
  await until('so is what can be no stick', async () => (await page.textContent('#told')).includes('photo.png: is no image of a stick'));
  await page.click('#camera-own');
  await until('the browser\'s own camera arrives', async () => /browser \d{3}x\d{3} \d \d \d\n/.test(await consoleText(page)));
  await page.click('#camera-own');
  await until('and ends with the scene', () => says('camera scene\n'));
  await page.click('#stick-pull');
  await until('the stick is pulled', () => says('pulled\n'));

  // The stick's files.
  await until('its files are listed', async () => (await page.textContent('#files')).includes('DCIM/a long name.bin300 KBSave'));
  check((await page.textContent('#stick-hint')).startsWith('HOLIDAY · '), 'with its label');
  for (const [name, bytes] of [['DCIM/a long name.bin', long], ['über die Berge.txt', Buffer.from('a few words\n')]]) {
    const [got] = await Promise.all([page.waitForEvent('download'), page.click(`[aria-label="Save ${name}"]`)]);
    check(readFileSync(await got.path()).equals(bytes), `${name} is what is on the stick`);
    check(got.suggestedFilename() === name.split('/').pop(), 'under its name');
  }

  // By the keyboard alone.
  const stops = await tabStops(page), names = stops.map(stop => stop.name).join('|');
  for (const name of ['Camera: choose', 'USB:', 'Reset button', 'Wake-up button', 'Joystick up', 'Joystick press', 'Touch panel', 'Pause', 'One frame', '1 ms',
    'Full speed', 'Scene', 'Picture or film', 'My webcam', 'Pull out', 'Image', 'Save über die Berge.txt', 'Console of the board'])
    check(names.includes(name), `Tab comes to ${name}`);
  check(stops.every(stop => stop.seen), 'and each is seen: ' + stops.filter(stop => !stop.seen).map(stop => stop.name));
  await page.keyboard.type('k');
  await until('the console takes keys', () => says('typed k\n'));
  await page.keyboard.press('Shift+Tab');
  check(await page.evaluate(() => !document.activeElement.matches('.xterm-helper-textarea')), 'Shift+Tab leaves it');
  await page.focus('[data-button=SELECT]');
  await page.keyboard.press('Space');
  await until('the joystick by a key', () => says('pressed SELECT\nreleased SELECT'));
  await page.focus('#panel');
  for (const key of ['ArrowRight', 'Shift+ArrowRight', 'ArrowUp', 'Space']) await page.keyboard.press(key);
  await until('a touch by keys', () => says('touched 417 224 by 0\nlifted 0'));

  // A second browser window gets the console's past and the present picture.
  const second = await browser.context.newPage();
  await second.goto(url);
  await until('a second page sees what was before', async () => /hello[^]*pressed WAKEUP/.test(await consoleText(second)));
  await until('and the picture', () => second.evaluate(() => duet.pictures > 2));
  await second.close();

  // Dark and light are both readable; a phone's width is enough.
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    const [ink, ground] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]);
    const light = text => text.match(/\d+/g).slice(0, 3).reduce((total, v) => total + Number(v), 0) / 3;
    check(Math.abs(light(ink) - light(ground)) > 150, `${colorScheme}: ink and ground differ`);
    await page.screenshot({ path: `page-${colorScheme}.png` });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(300);
  check(await page.evaluate(() => document.scrollingElement.scrollWidth) <= 390, 'nothing is beside a phone\'s screen');
  for (const part of await page.locator('[data-button] .cap, main button:visible, .choice span, .button span').all()) {
    const size = await part.boundingBox();
    check(Math.min(size.width, size.height) >= 24 && Math.max(size.width, size.height) >= 32, `a finger finds it: ${Math.round(size.width)}x${Math.round(size.height)}`);
  }
  const small = await page.locator('#panel').boundingBox();
  await page.touchscreen?.tap(0, 0).catch(() => 0);
  await page.mouse.click(small.x + small.width * .9, small.y + small.height * .9);
  await until('a touch on a phone', async () => /touched (71[89]|72[0-3]) (43[0-4]) by 0/.test(await consoleText(page)));
  await page.screenshot({ path: 'page-phone.png', fullPage: true });
  check(foreign.length === 0, 'nothing but the board was asked: ' + foreign.join(' '));
  check(errors.length === 0, 'no errors in the page: ' + errors.join(' '));

  // Another site's page may not talk to the board, neither by its own name nor by a name of ours.
  const ask = (path, headers) => new Promise(resolve => {
    const request = http.get(new URL(path, url), { headers, agent: false });
    request.on('upgrade', (answer, socket) => { socket.destroy(); resolve(101); });
    request.on('response', answer => { answer.resume(); resolve(answer.statusCode); });
    request.on('error', error => resolve(String(error)));
  });
  const upgrade = (protocol, origin, host) => ask('/', { Connection: 'Upgrade', Upgrade: 'websocket', Origin: origin, 'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Protocol': protocol, Host: host });
  const host = new URL(url).host;
  for (const protocol of ['duet', 'duet-upload']) {
    check(await upgrade(protocol, `http://${host}`, host) === 101, `${protocol}: the page itself is welcome`);
    check(await upgrade(protocol, 'http://elsewhere.example', host) !== 101, `${protocol}: a foreign origin is refused`);
    check(await upgrade(protocol, 'null', host) !== 101, `${protocol}: a page of no origin is refused`);
    check(await upgrade(protocol, 'http://elsewhere.example:80', 'elsewhere.example:80') !== 101, `${protocol}: a foreign name is refused`);
  }
  for (const [path, headers, wanted, what] of [
    ['/files', { Host: 'elsewhere.example' }, 403, 'files are not read under a foreign name'],
    ['/files', { Host: host, Origin: 'http://elsewhere.example' }, 403, 'nor by a foreign page'],
    ['/files/no such file', { Host: host }, 404, 'nor files that are not there'],
    ['/nothing', { Host: host }, 404, 'nor pages']]) {
    const got = await ask(path, headers);
    check(got === wanted, `${what}: ${got}`);
  }
  const busy = spawnSync(process.argv[2], [host], { input: '' });
  check(busy.status === 2 && /Address already in use; give another port, or 0/.test(busy.stderr), 'a busy port is a clear error');
} finally {
  await browser.close();
  server.child.stdin.end();
  rmSync(place, { recursive: true });
}
const code = await new Promise(resolve => server.child.exitCode !== null ? resolve(server.child.exitCode) : server.child.on('exit', resolve));
check(code === 0, 'the server ends in order');
