# The front door. Everything is built by CMake in build/; these targets set up, build and run.
#
#   make run [CAMERA=FILE|/dev/videoN|scene] [STICK=IMAGE|none] [SECONDS=N]   the camera system on the virtual board
#   make test        every test that takes minutes; make test-long: those that take longer
#   make bench       speed, as ratios to references measured in the same run
#   make flash       the camera system to a real board through its ST-LINK; make dfu: by USB

CAMERA  ?= scene
STICK   ?= build/stick.img
SECONDS ?=
JOBS    ?= $(shell nproc)

.PHONY: all setup build run test test-long bench firmware flash dfu clean
all: build

setup:
	@tools/setup.sh

build: setup
	@test -f build/build.ninja || cmake --preset default
	@cmake --build --preset default -j $(JOBS)

# Only what runs: the tests are not built for it.
run: setup
	@test -f build/build.ninja || cmake --preset default
	@cmake --build --preset default -j $(JOBS) --target duet firmware
	@tools/run.sh "$(CAMERA)" "$(STICK)" "$(SECONDS)"

test: build
	@tools/setup.sh test
	@tools/test.sh default $(JOBS)

test-long: build
	@tools/test.sh long

bench: build
	@tools/bench.sh

firmware: setup
	@test -f build/build.ninja || cmake --preset default
	@cmake --build --preset default -j $(JOBS) --target firmware

# What is missing is said before anything is built.
flash dfu:
	@tools/board.sh $@ --check
	@$(MAKE) --no-print-directory firmware
	@tools/board.sh $@

clean:
	rm -rf build
