# What the Makefiles of all engines share. setup installs what is needed and compiles
# the driver; index builds INDEX of the file POSTS; serve answers lines; similar, where
# there is one, times the posts most like SAMPLE posts, or like all when it is 0.
.PHONY: setup index serve similar version clean
INDEX ?= out/index
SAMPLE ?= 2000
.DEFAULT_GOAL := setup
clean:
	rm -rf out
