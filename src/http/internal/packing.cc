#include "http/internal/packing.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "http/internal/ascii.h"

namespace nguon::http {
namespace {

constexpr int kFull = 1000;  // a weight of 1, in thousandths

// What stands before `mark`; `rest` keeps what is behind it.
std::string_view take_to(std::string_view& rest, char mark) {
    const std::size_t at = rest.find(mark);
    const std::string_view part = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
    return trim(part);
}

// "q=0.75" -> 750. Without a weight, or with one that is none: 1.
int weight_of(std::string_view parameters) {
    while (!parameters.empty()) {
        const std::string_view one = take_to(parameters, ';');
        if (one.size() < 3 || !same_name(one.substr(0, 2), "q=")) continue;
        if (one[2] != '0') return kFull;
        int weight = 0, unit = 100;
        for (std::size_t i = 4; i < std::min<std::size_t>(one.size(), 7) && one[3] == '.'; ++i) {
            if (one[i] < '0' || one[i] > '9') return kFull;
            weight += (one[i] - '0') * unit;
            unit /= 10;
        }
        return weight;
    }
    return kFull;
}

}  // namespace

Packing packing_for(std::string_view header) {
    constexpr int kAbsent = -1;
    int gzip = kAbsent, zstd = kAbsent, identity = kAbsent, any = kAbsent;
    while (!header.empty()) {
        std::string_view item = take_to(header, ',');
        const std::string_view name = take_to(item, ';');
        const int weight = weight_of(item);
        if (same_name(name, "gzip") || same_name(name, "x-gzip")) gzip = weight;
        if (same_name(name, "zstd")) zstd = weight;
        if (same_name(name, "identity")) identity = weight;
        if (name == "*") any = weight;
    }
    if (gzip == kAbsent) gzip = any;
    if (zstd == kAbsent) zstd = any;
    const int best = std::max(gzip, zstd);
    if (best <= 0 || identity > best) return Packing::kNone;
    return zstd == best ? Packing::kZstd : Packing::kGzip;
}

std::optional<std::string> zstd(std::string_view bytes) {
    constexpr int kLevel = 1;
    std::string out(bytes.size(), '\0');
    const std::size_t size =
        ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
    if (ZSTD_isError(size) != 0) return std::nullopt;  // such as: it does not fit
    out.resize(size);
    return out;
}

std::optional<std::string> gzip(std::string_view bytes) {
    constexpr int kGzipWindow = 15 + 16;
    constexpr int kMemory = 8;
    z_stream stream{};
    if (deflateInit2(&stream, 1, Z_DEFLATED, kGzipWindow, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
        return std::nullopt;
    }
    std::string out(bytes.size(), '\0');
    stream.next_in =
        reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (ended != Z_STREAM_END) return std::nullopt;
    return out;
}

}  // namespace nguon::http
