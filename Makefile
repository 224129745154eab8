# The front door. Everything is built by CMake in build/; these targets set up, build and run.
#
#   make run [CAMERA=FILE|/dev/videoN|scene] [SECONDS=N]   the camera system on the virtual board
#   make test        every test that takes minutes; make test-long: those that take longer
#   make bench       speed, as ratios to references measured in the same run

CAMERA  ?= scene
SECONDS ?=

.PHONY: all build setup run test test-long bench clean
all: build

setup:
	@tools/setup.sh

build: setup
	@test -f build/build.ninja || cmake --preset default
	@cmake --build --preset default

run: build
	@tools/run.sh "$(CAMERA)" "$(SECONDS)"

test: build
	@ctest --preset default -j 2

test-long: build
	@ctest --preset long

bench: build
	@tools/bench.sh

clean:
	rm -rf build
