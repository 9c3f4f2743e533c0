# An image with nothing but the single file, which `npm run package` makes:
#   docker build --tag consumer-cluster .
#   docker run --rm --volume consumer-cluster:/cache consumer-cluster bench --members 1,2
# The base has glibc 2.36 (2.28 is the least) and the shell that ties the brokers to the program. The
# volume keeps what the first start unpacks.
FROM debian:12-slim

ARG FILE=packages/consumer-cluster-linux-x64
COPY --chmod=755 ${FILE} /usr/local/bin/consumer-cluster
RUN install -d -o 10001 -g 10001 /cache /work

ENV CONSUMER_CLUSTER_CACHE_DIR=/cache
VOLUME /cache
WORKDIR /work
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/consumer-cluster"]
CMD ["bench"]
