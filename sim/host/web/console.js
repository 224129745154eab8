// The console: a terminal on USART1.
import { Terminal } from './xterm.js';
import { FitAddon } from './xterm-fit.js';
import { on, send } from './link.js';

const PIECE = 1024; // characters of what is pasted in one message
const place = document.getElementById('console');
const terminal = new Terminal({
  fontFamily: 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace', fontSize: 12, lineHeight: 1.2,
  scrollback: 5000, cursorBlink: true, screenReaderMode: true,
  theme: { background: '#0e1317', foreground: '#dfe6e3', cursor: '#4fc3b4', selectionBackground: '#35505a' },
});
const fit = new FitAddon();
terminal.loadAddon(fit);
terminal.open(place);
terminal.textarea.setAttribute('aria-label', 'Console of the board, USART1. Shift and Tab leave it.');
new ResizeObserver(() => fit.fit()).observe(place);

// Shift+Tab leaves the terminal; what is marked is copied, and Ctrl+V pastes.
terminal.attachCustomKeyEventHandler(event => {
  const control = event.ctrlKey && !event.altKey && !event.shiftKey ? event.key.toLowerCase() : '';
  return !(event.key === 'Tab' && event.shiftKey) && control !== 'v' && !(control === 'c' && terminal.hasSelection());
});
terminal.onData(text => {
  for (let n = 0; n < text.length; n += PIECE) send({ type: text.slice(n, n + PIECE) });
});

on('open', () => terminal.reset()); // all that was said comes again
on('console', text => terminal.write(text));

// The text on it, for whoever measures.
duet.console = () => {
  const buffer = terminal.buffer.active, lines = [];
  for (let n = 0; n < buffer.length; n++) {
    const line = buffer.getLine(n), text = line.translateToString(true);
    if (line.isWrapped) lines[lines.length - 1] += text;
    else lines.push(text);
  }
  return lines.join('\n').trimEnd() + '\n';
};
