'use strict';

const http = require('node:http');

// again is when a port that could not be had is asked for once more, in milliseconds.
const again = 2000;

// serve answers GET on address (HOST:PORT, or :PORT for every address) and returns
// what ends it. Pages give [content type, text] by path, of the
// query's parameters. A port that another process
// has is asked for until it is free; an address that is none is logged.
function serve(address, logger, pages) {
  const place = parse(address);
  if (!place) {
    logger.error(`the probe of plugins does not listen: PLUGIN_PROBE_LISTEN is no address: ${address}`);
    return () => {};
  }
  const server = http.createServer({ headersTimeout: 5000, requestTimeout: 5000, maxHeaderSize: 8192 }, (request, response) => {
    request.resume();
    const [path, query] = request.url.split('?', 2);
    const page = pages[path];
    if (request.method !== 'GET' || !page) {
      send(response, request.method === 'GET' ? 404 : 405, 'text/plain', 'want GET /v1/plugins, /v1/packages or /metrics\n');
      return;
    }
    try {
      send(response, 200, ...page(new URLSearchParams(query)));
    } catch (error) {
      logger.error('the probe of plugins cannot answer', error);
      send(response, 500, 'text/plain', 'the probe cannot answer: see the log\n');
    }
  });
  server.maxConnections = 64;
  server.unref();
  let timer;
  let warned = false;
  server.on('error', error => {
    if (!warned) {
      logger.warn(`the probe of plugins cannot listen on ${address}, and tries again until it can: ${error.message}`);
      warned = true;
    }
    timer = setTimeout(listen, again).unref();
  });
  server.on('listening', () => logger.info(`the probe of plugins listens on ${address}`));
  const listen = () => {
    if (!server.listening) {
      server.listen(place);
    }
  };
  listen();
  return () => {
    clearTimeout(timer);
    server.close();
    server.closeAllConnections();
  };
}

function send(response, status, type, text) {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(text);
}

function parse(address) {
  const [, host, port] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  if (port === undefined || Number(port) > 65535) {
    return undefined;
  }
  return { host: host.replace(/^\[(.*)\]$/, '$1') || undefined, port: Number(port) };
}

module.exports = { serve };
