# The image of krm-sidecars: a static binary and the names of its user, no more.
#
#   make images           needs no container engine and no registry: reads the
#                         target "prebuilt" of this file, and adds the images of
#                         the functions (docs/images.md)
#   docker build .        compiles in golang:1.26
#   docker build --target prebuilt --build-arg TARGETARCH=amd64 .
#                         takes what `make images` compiled; no registry either

# Set by BuildKit; the classic builder wants it from --build-arg.
ARG BUILDPLATFORM

FROM scratch AS base
ARG VERSION=devel
ARG REVISION=unknown
LABEL org.opencontainers.image.title="krm-sidecars" \
      org.opencontainers.image.description="Adds sidecars to Kubernetes manifests, offline: the functionConfig's kind picks the function." \
      org.opencontainers.image.documentation="https://github.com/krm-sidecars/krm-sidecars/blob/main/docs/images.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="https://github.com/krm-sidecars/krm-sidecars" \
      org.opencontainers.image.url="https://github.com/krm-sidecars/krm-sidecars" \
      org.opencontainers.image.vendor="krm-sidecars" \
      org.opencontainers.image.version="$VERSION"
USER 65534:65534
ENTRYPOINT ["/krm-sidecars"]

# Before the stage that compiles: the classic builder goes through all stages
# from the top, and would pull golang.
FROM base AS prebuilt
ARG TARGETARCH
COPY build/rootfs/ dist/linux-${TARGETARCH}/ /

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
ARG TARGETARCH
ENV CGO_ENABLED=0 GOOS=linux GOARCH=${TARGETARCH}
RUN ["go", "build", "-trimpath", "-ldflags=-s -w", "-o", "/out/krm-sidecars", "."]

FROM base AS image
COPY --from=build /src/build/rootfs/ /out/ /
