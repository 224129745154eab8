// Brings files and pictures to the board, each by a connection of its own (web_upload.c).
import { socketPlace, tell } from './link.js';

const PIECE = 1 << 18, AHEAD = 1 << 21; // bytes in one message, and on their way

export function open(head, answered, ended) {
  const socket = new WebSocket(socketPlace(), 'duet-upload');
  let failed = null;
  socket.onopen = () => { socket.send(JSON.stringify(head)); answered(socket, true); };
  socket.onmessage = message => {
    const answer = JSON.parse(message.data);
    if (!answer.failed) return answered(socket, false);
    tell(failed = answer.failed);
    socket.close(); // the board waits for it: bytes may be on their way
  };
  socket.onclose = () => ended(failed);
  return socket;
}

const drained = socket => new Promise(resolve => {
  const look = () => socket.bufferedAmount < AHEAD || socket.readyState !== WebSocket.OPEN ? resolve() : setTimeout(look, 5);
  look();
});

async function pour(socket, file, progress) {
  for (let at = 0; at < file.size; at += PIECE) {
    const piece = await file.slice(at, at + PIECE).arrayBuffer();
    if (socket.readyState !== WebSocket.OPEN) return; // refused meanwhile
    socket.send(piece);
    progress.value = at / file.size;
    await drained(socket);
  }
}

// `card` shows how far it is. Resolves when the board has the file, or has refused it.
export function bring(file, kind, card) {
  const progress = document.createElement('progress');
  progress.setAttribute('aria-label', `bringing ${file.name}`);
  card.append(progress);
  return new Promise(resolve => {
    open({ upload: kind, name: file.name, size: file.size },
      (socket, first) => { if (first) pour(socket, file, progress); else socket.close(); },
      failed => { progress.remove(); resolve(!failed); });
  });
}
