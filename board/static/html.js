// Preact's elements from templates. One place, so that nobody needs an import map.
import {h, render, Component} from './vendor/preact.js';
import htm from './vendor/htm.js';

export const html = htm.bind(h);
export {render, Component};
