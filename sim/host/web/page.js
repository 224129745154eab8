'use strict';
const $ = id => document.getElementById(id);
const panel = $('panel'), paint = panel.getContext('2d'), log = $('console');
const kept = 200000; // characters of the console
let socket, pictures = 0, text = '', carry = '';
window.duet = { pictures: 0, messages: 0, opened: 0 }; // for whoever measures

function connect() {
  const place = new URL('/', location.href);
  place.protocol = place.protocol.replace('http', 'ws');
  socket = new WebSocket(place, 'duet');
  socket.binaryType = 'blob';
  socket.onopen = () => { $('link').textContent = 'live'; $('link').className = 'live'; text = ''; };
  socket.onclose = () => {
    $('link').textContent = 'the board stopped'; $('link').className = '';
    setTimeout(connect, 1000);
  };
  socket.onmessage = message => {
    duet.messages++;
    if (message.data instanceof Blob) show(message.data);
    else read(JSON.parse(message.data));
  };
}

// One picture at a time: while one is decoded, only the newest waits.
let decoding = false, waiting = null;
async function show(blob) {
  duet.pictures++;
  if (decoding) { waiting = blob; return; }
  decoding = true;
  try {
    const picture = await createImageBitmap(blob);
    paint.drawImage(picture, 0, 0);
    picture.close();
    pictures++;
  } finally {
    decoding = false;
  }
  if (waiting) { const next = waiting; waiting = null; show(next); }
}

function read(news) {
  if (news.console !== undefined) return type(news.console);
  const seconds = news.t / 1e6, minutes = Math.floor(seconds / 60);
  $('time').textContent = (minutes ? minutes + ' min ' : '') + (seconds - 60 * minutes).toFixed(2) + ' s';
  $('speed').textContent = news.speed.toFixed(2) + ' ×';
  news.load.forEach((load, n) => {
    $('load' + n).textContent = load === null ? 'in reset' : (100 * load).toFixed(1) + ' %';
    $('meter' + n).value = load || 0;
  });
  news.leds.forEach((on, n) =>
    document.querySelector(`[data-led="${n + 1}"]`).classList.toggle('on', Boolean(on)));
  panelOn = news.panel;
}

let panelOn = false;
setInterval(() => {
  $('rate').textContent = panelOn ? pictures + ' fps' : 'off';
  pictures = 0;
}, 1000);

function type(piece) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  carry += piece;
  const half = carry.endsWith('\r') ? '\r' : ''; // the \n may be in the next piece
  text += carry.slice(0, carry.length - half.length).replace(/\r\n/g, '\n')
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '');
  carry = half;
  while (text.includes('\b')) text = text.replace(/[^\n\b]?\x08/, '');
  text = text.replace(/[^\n\r]*\r(?=[^\n])/g, '').slice(-kept);
  log.textContent = text;
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function send(action) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(action));
}

const keys = { Enter: '\r', Backspace: '\x7f', Tab: '\t', Escape: '\x1b', ArrowUp: '\x1b[A',
  ArrowDown: '\x1b[B', ArrowRight: '\x1b[C', ArrowLeft: '\x1b[D' };
log.addEventListener('keydown', event => {
  let typed = keys[event.key] || (event.key.length === 1 ? event.key : '');
  if (event.altKey || event.metaKey || (event.key === 'Tab' && event.shiftKey)) return;
  if (event.ctrlKey) {
    if (!/^[a-z]$/i.test(event.key) || window.getSelection().toString()) return;
    typed = String.fromCharCode(event.key.toUpperCase().charCodeAt(0) & 31);
  }
  if (!typed) return;
  event.preventDefault();
  send({ type: typed });
});
log.addEventListener('paste', event => {
  event.preventDefault();
  send({ type: event.clipboardData.getData('text').replace(/\r?\n/g, '\r') });
});

function place(event) {
  const box = panel.getBoundingClientRect();
  const within = (value, limit) => Math.max(0, Math.min(limit - 1, Math.floor(value)));
  return [within((event.clientX - box.left) / box.width * 800, 800),
          within((event.clientY - box.top) / box.height * 480, 480)];
}
let touching = false;
panel.addEventListener('pointerdown', event => {
  touching = true;
  panel.setPointerCapture(event.pointerId);
  send({ touch: place(event) });
});
panel.addEventListener('pointermove', event => { if (touching) send({ touch: place(event) }); });
for (const name of ['pointerup', 'pointercancel'])
  panel.addEventListener(name, () => { if (touching) send({ lift: 0 }); touching = false; });

for (const button of document.querySelectorAll('[data-button]')) {
  let down = false;
  const set = pressed => {
    if (pressed === down) return;
    down = pressed;
    button.classList.toggle('down', down);
    send({ [down ? 'press' : 'release']: button.dataset.button });
  };
  button.addEventListener('pointerdown', event => { button.setPointerCapture(event.pointerId); set(true); });
  for (const name of ['pointerup', 'pointercancel', 'blur']) button.addEventListener(name, () => set(false));
  button.addEventListener('keydown', event => { if (event.key === ' ' || event.key === 'Enter') set(true); });
  button.addEventListener('keyup', () => set(false));
}
connect();
