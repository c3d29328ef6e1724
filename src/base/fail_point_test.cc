#include "base/fail_point.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace nguon {
namespace {

void pass_twice() {
    FAIL_POINT("commit.after_seal");
    FAIL_POINT("commit.after_seal");
}

TEST(FailPoint, OffDoesNothing) {
    ASSERT_TRUE(arm_fail_point(""));
    pass_twice();
}

TEST(FailPoint, KillsAtTheCountAskedFor) {
    EXPECT_EXIT((arm_fail_point("commit.after_seal"), pass_twice()), ::testing::ExitedWithCode(137),
                "");
    EXPECT_EXIT((arm_fail_point("commit.after_seal:2"), pass_twice()),
                ::testing::ExitedWithCode(137), "");
    EXPECT_EXIT((arm_fail_point("commit.after_seal:3"), pass_twice(), ::_exit(0)),
                ::testing::ExitedWithCode(0), "");
    EXPECT_EXIT((arm_fail_point("seal.after_sync"), pass_twice(), ::_exit(0)),
                ::testing::ExitedWithCode(0), "");
}

TEST(FailPoint, AWrongSettingIsRefused) {
    for (const std::string_view wrong :
         {"nowhere", "commit.after_seal:", "commit.after_seal:0", "commit.after_seal:x"}) {
        EXPECT_FALSE(arm_fail_point(wrong)) << wrong;
    }
    arm_fail_point("");
}

}  // namespace
}  // namespace nguon
