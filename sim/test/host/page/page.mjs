// page.mjs PAGE_SERVER: the live page alone, in Chromium.
import { spawnSync } from 'node:child_process';
import http from 'node:http';
import { check, flows, open, pixels, psnr, start, until } from './browser.mjs';

const server = start(process.argv[2], ['127.0.0.1:0']);
const url = await server.url;
const browser = await open();
try {
  const foreign = [];
  browser.context.on('request', request => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:') &&
        !request.url().startsWith('blob:')) foreign.push(request.url());
  });
  const page = await browser.context.newPage();
  const errors = [];
  page.on('pageerror', error => errors.push(String(error)));
  page.on('console', line => { if (line.type() === 'error') errors.push(line.text()); });
  await page.goto(url);
  await until('the page is live', () => page.evaluate(() => document.getElementById('link').className === 'live'));

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
  const lit = n => page.evaluate(m => document.querySelector(`[data-led="${m}"]`).classList.contains('on'), n);
  await until('LED1 and LED4 are lit, LED3 is not', async () => await lit(1) && !await lit(3) && await lit(4));
  await until('LED2 goes on', () => lit(2));
  await until('LED2 goes off', async () => !await lit(2));
  await until('the console line is there as text',
    async () => (await page.textContent('#console')).startsWith('hello <b>board</b> & é\n'));
  await until('the load of the Cortex-M7', async () => await page.textContent('#load0') === '6.3 %');
  await until('the Cortex-M4 is in reset', async () => await page.textContent('#load1') === 'in reset');
  check(/^\d+\.\d\d s$/.test(await page.textContent('#time')), 'board time');

  // From the browser to the board: typing, touch, buttons.
  await page.click('#console');
  await page.keyboard.type('fps');
  await until('typing arrives', async () => /typed f\ntyped p\ntyped s\n/.test(await page.textContent('#console')));
  const box = await page.locator('#panel').boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 4);
  await until('a touch arrives', async () => /touched (399|400|401) (119|120|121)\nlifted/.test(await page.textContent('#console')));
  await page.click('[data-button=WAKEUP]');
  await until('a button arrives', async () => /pressed WAKEUP\nreleased WAKEUP/.test(await page.textContent('#console')));

  // A second browser window gets the console's past and the present picture.
  const second = await browser.context.newPage();
  await second.goto(url);
  await until('a second page sees what was before', async () =>
    /hello[^]*pressed WAKEUP/.test(await second.textContent('#console')));
  await until('and the picture', () => second.evaluate(() => duet.pictures > 2));

  // Dark and light are both readable.
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    const [ink, ground] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]);
    const light = text => text.match(/\d+/g).slice(0, 3).reduce((sum, v) => sum + Number(v), 0) / 3;
    check(Math.abs(light(ink) - light(ground)) > 150, `${colorScheme}: ink and ground differ`);
    await page.screenshot({ path: `page-${colorScheme}.png` });
  }
  check(foreign.length === 0, 'nothing but the board was asked: ' + foreign.join(' '));
  check(errors.length === 0, 'no errors in the page: ' + errors.join(' '));

  // Another site's page may not talk to the board.
  const refused = await new Promise(resolve => {
    const request = http.get(url, { headers: { Connection: 'Upgrade', Upgrade: 'websocket', Origin: 'http://elsewhere.example',
      'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Protocol': 'duet' } });
    request.on('upgrade', () => resolve(false));
    request.on('response', answer => resolve(answer.statusCode >= 400));
    request.on('error', () => resolve(true));
  });
  check(refused, 'a foreign origin is refused');
  const busy = spawnSync(process.argv[2], [new URL(url).host], { input: '' });
  check(busy.status === 2 && /Address already in use; give another port, or 0/.test(busy.stderr), 'a busy port is a clear error');
} finally {
  await browser.close();
  server.child.stdin.end();
}
const code = await new Promise(resolve => server.child.exitCode !== null ? resolve(server.child.exitCode) : server.child.on('exit', resolve));
check(code === 0, 'the server ends in order');
