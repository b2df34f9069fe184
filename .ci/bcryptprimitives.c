// bcryptprimitives.dll as far as Rust's standard library imports it. Wine 8 has no such library.

typedef unsigned char BOOLEAN;
typedef unsigned long ULONG;
typedef unsigned long long SIZE_T;

// RtlGenRandom by the name that advapi32 exports it under.
__declspec(dllimport) BOOLEAN SystemFunction036(void *buffer, ULONG length);

__declspec(dllexport) int ProcessPrng(unsigned char *buffer, SIZE_T length) {
    while (length > 0) {
        ULONG part = length < 1u << 20 ? (ULONG)length : 1u << 20;
        if (!SystemFunction036(buffer, part)) return 0;
        buffer += part;
        length -= part;
    }
    return 1;
}
