// The connection to the board: what it tells goes to whoever asked for it by name, orders go back.
const listeners = {}; // of a member's name, of "picture", "open"
let socket;
window.duet = { pictures: 0, messages: 0 }; // for whoever measures

export function on(name, listener) { (listeners[name] ||= []).push(listener); }
const emit = (name, value) => (listeners[name] || []).forEach(listener => listener(value));

export function socketPlace() {
  const place = new URL('/', location.href);
  place.protocol = place.protocol.replace('http', 'ws');
  return place;
}

export function send(order) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(order));
}

// What went wrong, for the person, until it is closed or some time has passed.
export function tell(text) {
  const note = document.createElement('div'), words = document.createElement('span'), close = document.createElement('button');
  words.textContent = text;
  close.textContent = 'OK';
  close.onclick = () => note.remove();
  note.append(words, close);
  document.getElementById('told').append(note);
  setTimeout(() => note.remove(), 15000);
}

function read(news) {
  if (news.t !== undefined) emit('status', duet.status = news);
  else for (const name in news) emit(name, news[name]);
}

export function connect() {
  socket = new WebSocket(socketPlace(), 'duet');
  socket.binaryType = 'blob';
  socket.onopen = () => emit('open');
  socket.onclose = () => { emit('close'); setTimeout(connect, 1000); };
  socket.onmessage = message => {
    duet.messages++;
    if (message.data instanceof Blob) emit('picture', message.data);
    else read(JSON.parse(message.data));
  };
}
