// Replays what fuzz targets start from, without a fuzzer: for each target of one module its corpus
// src/MODULE/fuzz/TARGET/, then mutations of it that are the same in every run. Each target runs in
// a process of its own, so that one that aborts or hangs fails alone; its input is then written
// beside the test's logs. Started in the tree's root, by tools/run_tests.sh.
//
// The build gives REPLAY_MODULE, and REPLAY_TARGETS as X(target)X(target): the functions that the
// targets' LLVMFuzzerTestOneInput were renamed to.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#define X(TARGET) extern "C" int TARGET(const std::uint8_t* data, std::size_t size);
REPLAY_TARGETS
#undef X

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMutations = 300;  // of each target
constexpr unsigned kMostSeconds = 60;    // of each target: one second is usual
constexpr std::size_t kLongest = 1 << 16;

struct Target {
    const char* name;
    int (*run)(const std::uint8_t*, std::size_t);
};

struct Corpus {
    std::vector<std::string> names, inputs;
};

Corpus read_corpus(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code failure;
    for (const auto& entry : fs::directory_iterator(folder, failure))
        files.push_back(entry.path());
    std::ranges::sort(files);
    Corpus corpus;
    for (const fs::path& file : files) {
        std::ifstream in(file, std::ios::binary);
        corpus.inputs.emplace_back(std::istreambuf_iterator<char>(in),
                                   std::istreambuf_iterator<char>());
        corpus.names.push_back(file.filename().string());
    }
    return corpus;
}

class Mutator {
public:
    Mutator(const Corpus& corpus, std::uint64_t seed) : m_corpus(corpus), m_random(seed) {}

    // One to four changes of one input.
    std::string next(std::string& name) {
        const std::size_t from = below(m_corpus.inputs.size());
        name = m_corpus.names[from];
        std::string text = m_corpus.inputs[from];
        for (std::size_t changes = 1 + below(4); changes > 0; --changes)
            change(text);
        text.resize(std::min(text.size(), kLongest));
        return text;
    }

private:
    std::size_t below(std::size_t bound) {
        return bound == 0 ? 0 : static_cast<std::size_t>(m_random() % bound);
    }

    // Bytes that parsers treat apart: separators, quotes, ends, and those of broken UTF-8.
    char odd_byte() {
        static constexpr char kOdd[] =
            "\0\t\n\r \"'(),-./0159:;<=>?@[\\]_`az{|}~\x7F\x80\xBF\xC0\xC3\xE1\xF4\xFE\xFF";
        return kOdd[below(sizeof kOdd - 1)];
    }

    void change(std::string& text) {
        const std::size_t at = below(text.size() + 1);
        const std::size_t count = 1 + below(std::min<std::size_t>(text.size() - at + 1, 32));
        switch (below(8)) {
            case 0:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
                break;
            case 1:
                if (at < text.size()) text[at] = odd_byte();
                break;
            case 2: text.insert(at, 1, odd_byte()); break;
            case 3: text.insert(at, count, odd_byte()); break;
            case 4: text.erase(at, count); break;
            case 5: text.insert(at, text.substr(at, count)); break;
            case 6: text.resize(at); break;
            default: {  // a piece of another input
                const std::string& other = m_corpus.inputs[below(m_corpus.inputs.size())];
                text.insert(at, other.substr(below(other.size() + 1), 1 + below(64)));
            }
        }
    }

    const Corpus& m_corpus;
    std::mt19937_64 m_random;
};

// The n-th input of a target, and what it is.
class Inputs {
public:
    explicit Inputs(const Corpus& corpus) : m_corpus(corpus), m_mutator(corpus, 20261128) {}
    std::size_t count() const { return m_corpus.inputs.size() + kMutations; }
    std::string next(std::string& name) {
        const std::size_t n = m_next++;
        if (n >= m_corpus.inputs.size()) return m_mutator.next(name);
        name = m_corpus.names[n];
        return m_corpus.inputs[n];
    }

private:
    const Corpus& m_corpus;
    Mutator m_mutator;
    std::size_t m_next = 0;
};

void run_all(const Target& target, const Corpus& corpus, volatile std::size_t* running) {
    ::alarm(kMostSeconds);
    Inputs inputs(corpus);
    std::string name;
    for (std::size_t n = 0; n < inputs.count(); ++n) {
        const std::string input = inputs.next(name);
        *running = n;
        // A copy without a terminator behind it, so that a sanitizer sees one byte too far.
        const std::vector<std::uint8_t> bytes(input.begin(), input.end());
        target.run(bytes.data(), bytes.size());
    }
}

std::string keep_input(const Target& target, const Corpus& corpus, std::size_t n,
                       std::string& name) {
    Inputs inputs(corpus);
    std::string input;
    for (std::size_t i = 0; i <= n; ++i)
        input = inputs.next(name);
    const fs::path file = fs::temp_directory_path() / (std::string(target.name) + ".input");
    std::ofstream(file, std::ios::binary) << input;
    return file.string();
}

bool replay(const Target& target) {
    const std::string what = std::string("fuzz " REPLAY_MODULE "/") + target.name;
    const fs::path folder = fs::path("src") / REPLAY_MODULE / "fuzz" / target.name;
    const Corpus corpus = read_corpus(folder);
    if (corpus.inputs.empty()) {
        std::printf("not ok %s: no corpus in %s\n", what.c_str(), folder.c_str());
        return false;
    }
    void* shared = ::mmap(nullptr, sizeof(std::size_t), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) std::abort();
    auto* running = static_cast<volatile std::size_t*>(shared);
    std::fflush(stdout);
    const pid_t child = ::fork();
    if (child < 0) std::abort();
    if (child == 0) {
        run_all(target, corpus, running);
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    const bool sound = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (sound) {
        std::printf("ok %s: %zu files, %zu mutations\n", what.c_str(), corpus.inputs.size(),
                    kMutations);
    } else {
        std::string name;
        const std::string kept = keep_input(target, corpus, *running, name);
        std::printf("not ok %s: input %zu, of %s, kept in %s, ended it with %s %d\n", what.c_str(),
                    *running, name.c_str(), kept.c_str(),
                    WIFSIGNALED(status) ? "signal" : "exit code",
                    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
    ::munmap(shared, sizeof(std::size_t));
    return sound;
}

}  // namespace

int main() {
#define X(TARGET) {#TARGET, TARGET},
    const std::vector<Target> targets = {REPLAY_TARGETS};
#undef X
    bool sound = true;
    for (const Target& target : targets)
        sound = replay(target) && sound;
    return sound ? 0 : 1;
}
