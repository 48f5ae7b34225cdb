// Clients of the API under k6: submit, poll, read again, and bulk, with the same thresholds as the locust file.
//
//   export API_KEY=gta_… HOST=https://<your-domain>
//   k6 run tests/load/k6-load-test.js
//
// The requests carry their own bars; with LOAD_SYMBOLS=AAPL,MSFT they name symbols that are stored there instead.

import http from 'k6/http';
import { check, sleep } from 'k6';
import { Trend } from 'k6/metrics';

if (!__ENV.API_KEY) {
  throw new Error('API_KEY is not set: manage.py create_api_key <user> prints one');
}
const HOST = __ENV.HOST || 'http://localhost:8000';
const SYMBOLS = (__ENV.LOAD_SYMBOLS || '').split(',').filter((symbol) => symbol);
const [DAY_MILLISECONDS, FIRST_DAY, BARS] = [86400000, 19723, 300];
const TERMINAL = ['succeeded', 'partial', 'failed', 'cancelled'];
const whole = new Trend('submit_to_result', true);
const params = (name) => ({
  headers: { Authorization: `Api-Key ${__ENV.API_KEY}`, 'Content-Type': 'application/json' },
  tags: { name },
});

export const options = {
  vus: Number(__ENV.VUS || 10),
  duration: __ENV.DURATION || '60s',
  summaryTrendStats: ['count', 'med', 'p(95)', 'p(99)', 'max'],
  thresholds: {
    http_req_failed: ['rate<0.01'],
    checks: ['rate>0.99'],
    'http_req_duration{name:submit}': ['p(95)<750'],
    'http_req_duration{name:poll}': ['p(95)<250'],
    'http_req_duration{name:result}': ['p(95)<250'],
    'http_req_duration{name:bulk}': ['p(95)<2500'],
    submit_to_result: ['p(95)<2000'],
  },
};

// Daily bars of nobody's, no two alike.
function walk() {
  const bars = { timeframe: '1d', time: [], open: [], high: [], low: [], close: [], volume: [] };
  let close = 100;
  for (let day = 0; day < BARS; day += 1) {
    const open = close;
    close *= 1 + 0.02 * (Math.random() - 0.5);
    bars.time.push((FIRST_DAY + day) * DAY_MILLISECONDS);
    bars.open.push(open);
    bars.high.push(Math.max(open, close) * 1.001);
    bars.low.push(Math.min(open, close) * 0.999);
    bars.close.push(close);
    bars.volume.push(1000);
  }
  return bars;
}

// What a request is about: some of the symbols, or bars of its own.
const data = (count) => (SYMBOLS.length ? { symbols: SYMBOLS.slice(0, count) } : { bars: walk() });

export default function () {
  const began = Date.now();
  const body = { analyses: [`rsi(${2 + Math.floor(Math.random() * 199)})`], reuse: false, ...data(1) };
  const answer = http.post(`${HOST}/api/v1/jobs`, JSON.stringify(body), params('submit'));
  if (!check(answer, { 'the job is accepted': (one) => one.status === 202 })) {
    sleep(1);
    return;
  }
  let job = answer.json();
  while (!TERMINAL.includes(job.state) && Date.now() - began < 30000) {
    sleep(0.05);
    job = http.get(HOST + job.links.self, params('poll')).json();
  }
  whole.add(Date.now() - began);
  check(job, { 'the job succeeded': (one) => one.state === 'succeeded' });
  check(http.get(HOST + job.links.result, params('result')), { 'the result is there': (one) => one.status === 200 });
  if (__ITER % 10 === 0) {
    const jobs = Array(20).fill({ analyses: ['macd'], ...data(SYMBOLS.length) });
    check(http.post(`${HOST}/api/v1/jobs/bulk`, JSON.stringify({ jobs }), params('bulk')), {
      'all twenty are accepted': (one) => one.status === 200 && one.json().accepted === 20,
    });
  }
  sleep(0.05 + Math.random() * 0.2);
}
