# The worker, the gateway and the sandbox; docker-compose.yml says which. TypeScript is run as it is: there is nothing to build
# but the command line, for speed.
FROM node:22-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY tsconfig.json ./
COPY scripts/starter ./scripts/starter
COPY src ./src
# The workflow bundle and the compiled command line are kept in .cache, the sandbox's ledger in /data, the gateway's access keys in /keys.
RUN mkdir .cache /data /keys && chown node:node .cache /data /keys
USER node
ENV NODE_ENV=production
RUN node scripts/starter/main.mjs --help >/dev/null
CMD ["node", "--import", "tsx", "src/worker.ts"]
