// Pages that the server draws: the browser's own printing. Without scripts they miss nothing else.
const button = document.getElementById('print');
if (button) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
