// Who a patient is, for those who may know: the service records it before it answers.

import {get} from './api.js';

/** @param {string} id a patient's @returns {Promise<{name: string, refused?: string}>} `name` is empty where it is not known */
export async function nameOf(id) {
  const {ok, body, problem} = await get('referral', `/patients/${id}/contact`);
  if (!ok) return {name: '', refused: problem.detail};
  return {name: [body?.identity?.given_names, body?.identity?.family_name].filter(Boolean).join(' ')};
}
