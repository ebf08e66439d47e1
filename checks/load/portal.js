// The load test of the portal (readiness guide, "Performance Validation"): each
// virtual user opens the first page, asks for the API's health, and lists the
// plugins, over and over, with a pause to read.
//
// Package load runs it and says everything by environment variables:
// PORTAL_PAGE, API_HEALTH, PLUGINS (URLs), TOKEN, VUS, DURATION, HOSTS (JSON),
// INSECURE, P95_MS, FAILED_RATE, CHECKS_RATE, PAUSE_SECONDS and SUMMARY (a file).
import { check, sleep } from 'k6';
import http from 'k6/http';

export const options = {
  vus: Number(__ENV.VUS),
  duration: __ENV.DURATION,
  hosts: JSON.parse(__ENV.HOSTS),
  insecureSkipTLSVerify: __ENV.INSECURE === 'true',
  maxRedirects: 0,
  userAgent: 'gatehouse-load-test',
  discardResponseBodies: false,
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)', 'count'],
  thresholds: {
    http_req_failed: [`rate<${__ENV.FAILED_RATE}`],
    http_req_duration: [`p(95)<${__ENV.P95_MS}`],
    checks: [`rate>${__ENV.CHECKS_RATE}`],
  },
};

// Every request is the smoke tests' own: a limit for strangers is not what is
// measured.
const params = (page) => ({
  headers: __ENV.TOKEN ? { Authorization: `Bearer ${__ENV.TOKEN}` } : {},
  tags: { page },
});

const is = (response, condition) => {
  try {
    return condition(response.json());
  } catch (_) {
    return false;
  }
};

export default function () {
  const home = http.get(__ENV.PORTAL_PAGE, params('home'));
  check(home, { 'the first page is HTML': (r) => r.status === 200 && `${r.headers['Content-Type']}`.includes('text/html') });

  const health = http.get(__ENV.API_HEALTH, params('health'));
  check(health, { 'the API is healthy': (r) => r.status === 200 });

  if (__ENV.TOKEN) {
    const plugins = http.get(__ENV.PLUGINS, params('plugins'));
    check(plugins, { 'the plugins are listed': (r) => r.status === 200 && is(r, (body) => body.success === true) });
  }
  sleep(Number(__ENV.PAUSE_SECONDS) * (0.5 + Math.random()));
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data) };
}
