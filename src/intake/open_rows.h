// Of each batch, how many rows that it set aside are still open.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/store.h"

namespace nguon::intake {

// By what the receipts of accepted batches say. A row is open until it is mended, comes in with the
// same file, goes with a batch that was replaced, or is closed by a person. The rows of a
// correction are its elder's, too, and those that a file sent again sets aside again are the first
// load's: when that one has none left, none are left here.
class OpenRows {
public:
    // All batches of a dataset (the newest ones); they must outlive this.
    explicit OpenRows(const std::vector<store::BatchInfo>& batches);
    std::int64_t of(const store::BatchInfo& batch) const;
    // Of those, the ones that no other batch has open: their sum counts each row once.
    std::int64_t only_of(const store::BatchInfo& batch) const;
    std::int64_t corrected(const store::BatchInfo& batch) const;

private:
    struct Same {
        std::string batch;       // the earlier load of the same file
        std::int64_t aside = 0;  // rows that both set aside
    };
    std::int64_t own(const store::BatchInfo& batch) const;
    // Rows that are the earlier load's, too, and open there.
    std::int64_t shared(const store::BatchInfo& batch) const;
    void count(const store::BatchInfo& batch);

    std::map<std::string, std::string> m_corrects;
    std::map<std::string, std::int64_t> m_corrected, m_named;  // m_named: by the row's own name
    std::map<std::string, Same> m_same;
    std::map<std::string, const store::BatchInfo*> m_batches;
};

}  // namespace nguon::intake
