# docker build -t leadkeep . && docker run -p 8080:8080 -v leadkeep:/data leadkeep
FROM rust:1-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package leadkeep && mkdir /data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/leadkeep /usr/bin/leadkeep
COPY --from=build --chown=nonroot:nonroot /data /data
# Inside of a container HTTP goes to the proxy in front, or to the port that is published on purpose.
ENV LEADKEEP_DATA=/data LEADKEEP_LISTEN=0.0.0.0:8080 LEADKEEP_INSECURE_HTTP=true
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/leadkeep"]
CMD ["serve"]
