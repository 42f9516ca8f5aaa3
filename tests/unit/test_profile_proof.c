/*
 * The proof of every rule: for each rule of each profile an image that breaks
 * it, and one that does not. A rule without both fails this test. What an image
 * cannot decide must stay open, and name the command that decides.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "rule/builtin.h"

/* An image with which all rules of a profile are content. */
struct good {
	const char *profile;
	const char *config, *base, *files, *set, *request, *model_config; /* as struct judged_input */
};

/* What is wrong with an image that breaks a rule; the rest is as in struct good. */
struct broken {
	const char *rule;
	const char *profile; /* NULL: in all profiles that have the rule */
	const char *config, *base, *files, *set, *request, *model_config;
};

/* clang-format off */
#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define REQUEST(image, mode, subnets, machine)                                                     \
	"{'AlgorithmSpecification':{'TrainingImage':'r.example.com/a/b" image "',"                 \
	"'TrainingImageConfig':{'TrainingRepositoryAccessMode':'" mode "'}},"                      \
	"'VpcConfig':{'SecurityGroupIds':['s'],'Subnets':[" subnets "]},"                          \
	"'ResourceConfig':{'InstanceType':'ml." machine ".xlarge'}}"
#define MODEL                                                                                      \
	"{'model_type':'Image','model_algorithm':'a','apis':[{'url':'/'}],"                        \
	"'health':{'url':'/health'}}"

/* What a batch service wants to find. */
#define TOOLS                                                                                      \
	"755 0:0 bin/python3 = \177ELF\n755 0:0 bin/java = \177ELF\n"                              \
	"755 0:0 bin/zip = \177ELF\n755 0:0 bin/unzip = \177ELF\n"

#define SERVICE "trap stop TERM|exec /bin/serve --port 8080 --health /health --keep-alive 9|\n"
#define RUN "{'Cmd':['/bin/sh','/home/run.sh']}"
#define START "{'User':null,'Entrypoint':['/bin/sh','/home/run.sh']}"
#define TRAIN(text) "755 0:0 home/run.sh = " text "\n"

static const struct good GOOD[] = {
	{ .profile = "modelarts-training" },
	{ .profile = "modelarts-inference", .model_config = MODEL,
	  .config = "{'Cmd':['/bin/sh','/home/run.sh'],'ExposedPorts':{'8080/tcp':{}}}",
	  .files = TOOLS "755 1000:100 home/\n755 1000:100 home/run.sh = " SERVICE },
	{ .profile = "modelarts-custom-engine", .model_config = MODEL,
	  .config = "{'Cmd':['/bin/sh','/home/mind/run.sh'],'ExposedPorts':{'8080/tcp':{}}}",
	  .files = TOOLS "755 1000:100 home/mind/\n755 1000:100 home/mind/run.sh = " SERVICE },
	{ .profile = "sagemaker-training", .request = REQUEST("@" DIGEST, "Vpc", "'s'", "m5"),
	  .config = "{'User':null,'WorkingDir':null,'Cmd':null}",
	  .files = "755 0:0 bin/train = \177ELF\n" },
	{ .profile = "sagemaker-inference",
	  .request = "{'PrimaryContainer':{'Image':'r.example.com/a:1','ImageConfig':{'RepositoryAccessMode':'Vpc'}}}",
	  .config = "{'User':null,'WorkingDir':null,'Cmd':null}",
	  .files = "755 0:0 bin/serve = \177ELF\n" },
	{ .profile = "sagemaker-studio" },
	{ .profile = "nonroot",
	  .config = "{'WorkingDir':'/tmp','Env':['HOME=/tmp','USER=app','PATH=/bin']}" },
};

static const struct broken BROKEN[] = {
	{ "MAT-GRP-001", .files = "644 0:0 etc/group = root:x:0:|\n" },
	{ "MAT-ASK-001", .set = "start-command=cd /tmp" },
	{ "MAT-USR-001", .files = "644 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh|\n" },
	{ "MAT-USR-002", .files = "644 0:0 etc/passwd = u:x:1000:1000::/home/ma-user:/bin/sh|\n" },
	{ "MAT-USR-003", .files = "644 0:0 etc/passwd = ma-user:x:1102:100::/home/ma-user:/bin/sh|\n" },
	{ "MAT-USR-005", .files = "x home/ma-user\n" },
	{ "MAT-USR-006", .files = "644 0:0 etc/passwd = ma-user:x:1000:100::/home/ma-user:/bin/sh\n" },
	{ "MAT-CFG-001", .config = "{'User':'root'}" },
	{ "MAT-CFG-002", .files = "755 0:0 bin/python3 = \177ELF\n" },
	{ "MAT-CFG-003", .config = "{'WorkingDir':'/tmp'}" },
	{ "MAT-GRP-002", .files = "644 0:0 etc/group = root:x:0:|users:x:100:|\n" },
	{ "MAT-USR-004", .files = "644 0:0 etc/passwd = ma-user:x:1000:100::/home/ma-user:/bin/bash|\n" },
	{ "MAI-USR-001", .files = "644 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh|\n" },
	{ "SMT-USR-001", .config = "{'User':'1000'}" },
	{ "SMI-003", .config = "{'User':'1000'}" },
	{ "SMS-001", .set = "gid=5" },
	{ "SMS-002", .files = "644 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh|\n" },
	{ "NR-001", .config = "{'User':'ma-user'}" },
	{ "NR-002", .files = "755 0:0 app/\n755 1000:100 app/x/\n" },
	{ "NR-003", .config = "{'ExposedPorts':{'80/tcp':{}}}" },
	{ "NR-004", .files = "664 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh|\n" },
	{ "NR-005", .config = "{'Env':['PATH=/bin']}" },
	{ "MAT-SIZ-001", .set = "size_error_gb=0" },
	{ "MAT-SIZ-002", .set = "layer_error_gb=0" },
	{ "MAT-DRV-001", .files = "755 0:0 usr/\n755 0:0 usr/lib/\n"
				  "644 0:0 usr/lib/libcuda.so.535.104.05 = x\n" },
	{ "SMT-DRV-001", .files = "755 0:0 usr/\n755 0:0 usr/lib/\n"
				  "644 0:0 usr/lib/libnvidia-ml.so.535.104 = x\n" },
	{ "SMI-006", .files = "755 0:0 usr/\n755 0:0 usr/bin/\n755 0:0 usr/bin/nvidia-smi = x\n" },
	{ "MAT-MNT-001", .files = "755 0:0 cache/\n644 0:0 cache/x = x\n" },
	{ "MAT-ENV-001", .config = "{'Env':['PATH=/bin','NCCL_DEBUG=INFO']}" },
	{ "MAT-CND-001", .files = "755 0:0 opt/\n755 0:0 opt/c/\n755 0:0 opt/c/conda-meta/\n"
				  "755 0:0 opt/c/bin/\n" },
	{ "MAT-ARC-001", .set = "architecture=arm64" },
	{ "MAI-SIZ-001", .set = "size_error_gb=0" },
	{ "MAI-RUN-001", .files = "x home/run.sh\nx home/mind\n" },
	{ "MAI-DEP-001", .files = "755 0:0 bin/python3 = \177ELF\n" },
	{ "SMT-OPT-001", .files = "755 0:0 opt/\n755 0:0 opt/ml/\n755 0:0 opt/ml/model/\n" },
	{ "SMI-008", .set = "size_error_gb=0" },
	{ "SMS-003", .set = "size_error_gb=0" },
	{ "SMS-004", .files = "755 0:0 opt/\n755 0:0 opt/ml/\n755 0:0 opt/ml/model/\n" },
	{ "SMR-REF-001", .request = "{'AlgorithmSpecification':{'TrainingImage':'A B'}}" },
	{ "SMR-REF-002", .request = REQUEST(":1", "Vpc", "'s'", "m5") },
	{ "SMR-ACC-001", .request = REQUEST(":1", "Platform", "'s'", "m5") },
	{ "SMR-VPC-001", .request = REQUEST(":1", "Vpc", "", "m5") },
	{ "SMT-ARC-001", .request = REQUEST(":1", "Vpc", "'s'", "c6g") },
	{ "SMI-009", .request = "{'PrimaryContainer':{'Image':'r.example.com/a:1'}}" },
	{ "MAI-API-001", .model_config = "{'model_type':'PyTorch'}" },
	{ "ACC-001", .config = "{'Cmd':['/bin/none'],'Entrypoint':null}" },
	{ "ACC-002", .config = "{'WorkingDir':'/bin/sh'}" },
	{ "ACC-003", .config = "{'Env':['HOME=/none','PATH=/bin']}" },
	{ "ACC-004", .set = "uid=1000", .files = "755 0:0 app/\n600 0:0 app/f = x\n" },
	{ "ACC-005", .set = "uid=1000",
	  .files = "700 0:0 opt/\n755 0:0 opt/tool = \177ELF\nl bin/tool -> ../opt/tool\n" },
	{ "ACC-006", .files = "x tmp\n" },
	{ "MAT-LOG-001", .config = RUN, .files = TRAIN("python x.py >/var/log/x.log|") },
	{ "MAT-LEG-001", .config = RUN, .files = TRAIN("cd /home/work|") },
	{ "MAT-LN-001", .config = RUN, .files = TRAIN("ln -s a b|") },
	{ "MAT-NET-001", .config = RUN, .files = TRAIN("pip install x|") },
	{ "MAI-PRT-001", .config = RUN, .files = TRAIN("serve|") },
	{ "MAI-HLT-001", .config = RUN, .files = TRAIN("serve|") },
	{ "MAI-LOG-001", .config = RUN, .files = TRAIN("serve >/var/log/x.log|") },
	{ "MAI-CMD-001", .config = "{'Cmd':null}" },
	{ "MAI-SIG-001", .config = RUN, .files = TRAIN("serve|") },
	{ "MAI-KA-001", .config = RUN, .files = TRAIN("serve|") },
	{ "SMT-ENT-001", .files = "x none\n" },
	{ "SMT-ENT-002", .config = "{'Entrypoint':['/bin/sh','-c','x']}" },
	{ "SMT-ENT-003", .config = "{'Entrypoint':['tini','--','x']}" },
	{ "SMT-ENT-004", .config = "{'Cmd':['x']}" },
	{ "SMT-OUT-001", .config = START, .files = TRAIN("x|") },
	{ "SMT-ENV-001", .files = "755 0:0 usr/lib/python3/dist-packages/sagemaker_training/\n" },
	{ "SMI-001", .files = "x none\n" },
	{ "SMI-002", .config = START, .files = TRAIN("x|") },
	{ "SMI-004", .config = "{'Entrypoint':['/bin/sh','-c','x']}" },
	{ "SMI-005", .config = "{'Entrypoint':['tini','--','x']}" },
	{ "SMI-007", .config = START, .files = TRAIN("x|") },
	{ "ACC-008", .set = "uid=1000", .files = "755 0:0 app/\n644 0:0 app/x.sh = #!/bin/sh|\n" },
	{ "ACC-009", .files = "4755 0:0 bin/su = \177ELF\n" },
	{ "ACC-010", .files = "700 0:0 etc/\n" },
	{ "ACC-011", .files = "755 0:0 app/\n4755 0:0 app/su = \177ELF\n" },
	{ "MAT-SUID-001", .files = "4755 0:0 bin/own = \177ELF\n" },
	{ "ACC-007", "sagemaker-training", .set = "uid=1000", .files = "750 0:0 opt/\n" },
	{ "ACC-007", "sagemaker-inference", .set = "uid=1000", .files = "750 0:0 opt/\n" },
	{ "ACC-007", .set = "gid=7", .files = "750 0:7 opt/\n" },
	{ "MAI-MAL-001", .files = "4755 0:0 bin/x = \177ELF\n" },
};
/* clang-format on */

static const struct good *good_of(const char *profile)
{
	for (size_t i = 0; i < sizeof(GOOD) / sizeof(*GOOD); i++) {
		if (!strcmp(GOOD[i].profile, profile))
			return &GOOD[i];
	}
	fail_msg("no image is known that is good for profile %s", profile);
	return NULL;
}

static const struct broken *broken_of(const char *rule, const char *profile)
{
	for (size_t i = 0; i < sizeof(BROKEN) / sizeof(*BROKEN); i++) {
		if (!strcmp(BROKEN[i].rule, rule) &&
		    (!BROKEN[i].profile || !strcmp(BROKEN[i].profile, profile)))
			return &BROKEN[i];
	}
	return NULL;
}

/* Whether no image decides the rule. */
static bool is_asked(const struct rule *rule)
{
	return rule->subject == SUBJECT_REGISTRY || rule->subject == SUBJECT_ASK ||
	       !strcmp(rule->predicate, "ask");
}

static void open_good(const struct good *good, struct judged *judged)
{
	judged_open(judged, &(struct judged_input){ .config = good->config,
						    .base = good->base,
						    .files = good->files,
						    .set = good->set,
						    .request = good->request,
						    .model_config = good->model_config,
						    .profile = good->profile });
}

static void open_broken(const struct good *good, const struct broken *broken,
			struct judged *judged)
{
	judged_open(judged, &(struct judged_input){
				    .config = broken->config ? broken->config : good->config,
				    .base = broken->base ? broken->base : good->base,
				    .files = broken->files ? broken->files : good->files,
				    .set = broken->set ? broken->set : good->set,
				    .request = broken->request ? broken->request : good->request,
				    .model_config = broken->model_config ? broken->model_config
									 : good->model_config,
				    .profile = good->profile });
}

static void check_broken(const struct good *good, const struct rule *rule)
{
	const struct broken *broken = broken_of(rule->id, good->profile);
	struct judged judged;

	if (!broken)
		fail_msg("no image is known that breaks %s of %s", rule->id, good->profile);
	open_broken(good, broken, &judged);
	if (!judged_count(&judged, rule->id))
		fail_msg("%s of %s finds nothing in what should break it", rule->id,
			 good->profile);
	judged_done(&judged);
}

static void check_profile(const char *name)
{
	const struct good *good = good_of(name);
	struct judged judged;

	open_good(good, &judged);
	char *text = judged_text(&judged);
	for (size_t i = 0; i < profile_rule_count(judged.profile); i++) {
		const struct rule *rule = profile_rule(judged.profile, i);

		if (judged_count(&judged, rule->id))
			fail_msg("%s is not content with a good image for %s:\n%s", rule->id, name,
				 text);
		if (is_asked(rule) &&
		    (judged_status(&judged, rule->id) != RULE_OPEN || !rule->command))
			fail_msg("%s is decided, or names no command that decides it", rule->id);
		if (!is_asked(rule))
			check_broken(good, rule);
	}
	free(text);
	judged_done(&judged);
}

static void every_rule_is_broken_by_one_image_and_not_by_another(void **state)
{
	(void)state;
	for (size_t i = 0; builtin_profiles[i].name; i++) {
		struct profile *profile = NULL;

		assert_int_equal(profile_load(builtin_profiles[i].name, NULL, &profile, NULL), 0);
		if (!profile_is_library(profile))
			check_profile(builtin_profiles[i].name);
		profile_free(profile);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_is_broken_by_one_image_and_not_by_another),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
