# Which processors the image's machine code is for; sourced where it is made and where it runs, so that both agree.
# Without this it would be made for the very model that builds the image, and made again on every other one.
case "$(uname -m)" in
    x86_64)
        needed="avx avx2 abm bmi1 bmi2 cx16 f16c fma lahf_lm movbe pni popcnt sse4_1 sse4_2 ssse3 xsave"
        export NUMBA_CPU_NAME=x86-64-v3
        export NUMBA_CPU_FEATURES=+64bit,+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+sse3,+ssse3,+sse4.1,+sse4.2,+crc32,+cx16,+popcnt,+sahf,+avx,+avx2,+bmi,+bmi2,+f16c,+fma,+lzcnt,+movbe,+xsave
        ;;
    aarch64)
        needed="asimd fp"
        export NUMBA_CPU_NAME=generic
        export NUMBA_CPU_FEATURES=+fp-armv8,+neon
        ;;
esac

# The kernel's own list; a processor without one of these would end the program in the middle of a job (SIGILL).
there=" $(grep -m 1 -E '^(flags|Features)' "${CPUINFO:-/proc/cpuinfo}" | cut -d : -f 2) "
missing=""
for feature in ${needed:-}; do
    case "$there" in
        *" $feature "*) ;;
        *) missing="$missing $feature" ;;
    esac
done
if [ -n "$missing" ]; then
    model=$(grep -m 1 "^model name" "${CPUINFO:-/proc/cpuinfo}" | cut -d : -f 2)
    said="The processor of this node (${model# }) lacks$missing: this image's machine code is for $NUMBA_CPU_NAME."
    if command -v say >/dev/null; then say error "$said"; else echo "$said" >&2; fi
    exit 78
fi
