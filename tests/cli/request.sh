#!/bin/sh
# imgtui request: the files that start a job, tried with the client that would send them.
set -u
# shellcheck source=tests/cli/lib.sh
. "${top_srcdir:-.}/tests/cli/lib.sh"

skip() # TITLE WHY
{
	count=$((count + 1))
	echo "ok $count # SKIP $1: $2"
}

sagemaker() # IMAGE FOLDER [OPTION...]: with all that must be given, as in the guide of AWS
{
	image=$1
	folder=$2
	shift 2
	run request sagemaker "$image" -C "$folder" --image-ref myteam.myorg.com/docker-local/my-training-image:1.0 \
		--set role=arn:aws:iam::123456789012:role/SageMakerExecutionRole \
		--set security-group=sg-0123456789abcdef0 \
		--set subnet=subnet-0123456789abcdef0 --set subnet=subnet-0123456789abcdef1 \
		--set input=s3://your-training-data-bucket/training-data-folder \
		--set output=s3://your-output-data-bucket/model-folder "$@"
}

# ---- what is said when it cannot be made ----

run request sagemaker --demo -C out
code_is 2 'what is missing is a usage error'
for name in role input output security-group subnet; do
	err_has "missing: --set $name=" "and $name is named"
done
err_has 'missing: --image-ref HOST/PATH' 'and the option'
[ ! -e out ]
point 'nothing is written'
sagemaker --demo out --set output=b/folder --set volume-gb=0 --set nothing=1 --set input-mode=Fast
code_is 2 'a wrong value is a usage error'
err_has "input-mode: 'Fast' does not match Pipe|File|FastFile (AlgorithmSpecification" 'with the field and the rule'
err_has 'output: is given 2 times' 'a value is given once'
err_has 'volume-gb: 0 is not in 1 to' 'and so is each other'
err_has "'nothing' is none of job-name, role" 'and what there is'
[ ! -e out ]
point 'nothing is written then'
run request nothing --demo -C out
code_is 2 'an unknown kind is a usage error'
err_has 'modelarts-inference' 'that names those there are'
run request sagemaker --demo
err_has 'say where to write: -C DIR' 'a folder must be given'
sagemaker nothing.tar out
code_is 3 'an image that cannot be read'
[ ! -e out ]
point 'leaves no folder behind'

# ---- from a docker-archive ----

sagemaker --demo out
code_is 0 'a request is written'
out_has '^out/create-training-job.json$' 'its files are listed'
out_has 'aws sagemaker create-training-job --cli-input-json file://create-training-job.json' 'and how it is sent'
err_has 'named by its tag' 'only the registry knows the digest of a docker-archive'
[ ! -e out/lambda_function.py ]
point 'no Lambda where none is asked for'
sagemaker --demo out
code_is 3 'what is there is not replaced'
err_has "'out/create-training-job.json' is there already; --force" 'and is named'
sagemaker --demo out --force
code_is 0 '--force replaces it'
sagemaker --demo pinned --set image-digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
grep -q '"myteam.myorg.com/docker-local/my-training-image@sha256:0123456789abcdef' pinned/create-training-job.json
point 'a digest that is given pins the image'

# ---- from an OCI archive, with everything ----

run fix --demo --all -o fixed.tar --to oci-archive
# shellcheck disable=SC2016 # it must not expand
hostile=$(printf '"}]\n%s\\ ü $(id) `id` %%s {x}' "'''")
sagemaker fixed.tar full \
	--set credentials-lambda=arn:aws:lambda:eu-central-1:123456789012:function:SageMakerRegistryCreds \
	--set credentials-secret=team/registry --set env=PYTHONUNBUFFERED=1 --set "env=HOSTILE=$hostile" \
	--set "hyperparameter=q\"'=\$(id)" --set tag=team=us --set keep-alive-seconds=600 \
	--set network-isolation=true --set max-runtime-seconds=1800 --set input=test=s3://b/test \
	--set entrypoint=python --set entrypoint=/app/train.py --set 'argument=--name="a b"'
code_is 0 'a request with everything is written'
digest=$(tar -xOf fixed.tar index.json | sed 's/.*"digest": *"\([^"]*\)".*/\1/')
grep -q "my-training-image@$digest\"" full/create-training-job.json
point 'pinned by the digest of its manifest'
! grep -q 'named by its tag' "$err"
point 'and nothing is said of tags'

if command -v jq >/dev/null 2>&1; then
	jq -e '.AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAccessMode == "Vpc" and
		(.VpcConfig.Subnets | length) == 2 and .StoppingCondition.MaxRuntimeInSeconds == 1800' \
		full/create-training-job.json >"$out" 2>"$err"
	point 'the JSON says what was asked for'
	[ "$(jq -j .Environment.HOSTILE full/create-training-job.json)" = "$hostile" ]
	point 'a value comes back as it was given'
	jq -e . out/role-policy.json full/role-policy.json full/lambda-policy.json >"$out" 2>"$err"
	point 'the policies are JSON'
else
	skip 'the JSON' 'jq is missing'
fi

# ---- the scripts ----

python_has() # MODULE
{
	command -v python3 >/dev/null 2>&1 && python3 -c "import $1" 2>/dev/null
}

cat >lambda.py <<'P'
import importlib.util
import json
import sys
import types

asked = []


class Client:
    def get_secret_value(self, SecretId):
        asked.append(SecretId)
        return {"SecretString": json.dumps({"username": "u\"'", "password": "p\nä"})}


fake = types.ModuleType("boto3")
fake.client = lambda name: Client() if name == "secretsmanager" else None
sys.modules["boto3"] = fake
spec = importlib.util.spec_from_file_location("lambda_function", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
answer = module.lambda_handler({}, None)
assert answer == {"Credentials": {"Username": "u\"'", "Password": "p\nä"}}, answer
assert asked == ["team/registry"], asked
P
if python_has json; then
	python3 -m py_compile full/*.py >"$out" 2>"$err"
	point 'the scripts compile'
	python3 lambda.py full/lambda_function.py >"$out" 2>"$err"
	point 'the Lambda hands out what Secrets Manager holds'
else
	skip 'the scripts' 'python3 is missing'
fi

# Types, lengths and ranges as the client checks them, and the patterns, which it leaves to the service.
cat >validate.py <<'P'
import json
import re
import sys

import botocore.session
from botocore.validate import ParamValidator

model = botocore.session.get_session().get_service_model("sagemaker")
shape = model.operation_model("CreateTrainingJob").input_shape


def patterns(value, shape, path):
    if shape.type_name == "structure":
        for name, member in value.items():
            patterns(member, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for member in value:
            patterns(member, shape.member, path)
    elif shape.type_name == "map":
        for name, member in value.items():
            patterns(name, shape.key, path)
            patterns(member, shape.value, path)
    elif shape.metadata.get("pattern"):
        pattern = shape.metadata["pattern"].replace(r"\p{Alnum}", "A-Za-z0-9")
        pattern = pattern.replace(r"\p{L}\p{Z}\p{N}", r"\w ")
        assert re.fullmatch(pattern, value), (path, value, pattern)
    elif getattr(shape, "enum", None):
        assert value in shape.enum, (path, value)


known = shape.members["AlgorithmSpecification"].members
if "ContainerEntrypoint" not in known or "TrainingImageConfig" not in known:
    print("this botocore does not know private registries")
    sys.exit(77)
with open(sys.argv[1], encoding="utf-8") as file:
    request = json.load(file)
report = ParamValidator().validate(request, shape)
assert not report.has_errors(), report.generate_report()
patterns(request, shape, "")
P
cat >send.py <<'P'
import json
import runpy
import sys

import boto3
from botocore.stub import Stubber

folder, outcome = sys.argv[1:]
client = boto3.client("sagemaker", region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
stub = Stubber(client)
with open(f"{folder}/create-training-job.json", encoding="utf-8") as file:
    request = json.load(file)
if outcome == "good":
    arn = "arn:aws:sagemaker:eu-central-1:123456789012:training-job/" + request["TrainingJobName"]
    stub.add_response("create_training_job", {"TrainingJobArn": arn}, request)
else:
    stub.add_client_error("create_training_job", "ResourceLimitExceeded", "no more of them")
stub.activate()
boto3.client = lambda name: client if name == "sagemaker" else None
try:
    runpy.run_path(f"{folder}/create_training_job.py", run_name="__main__")
finally:
    stub.assert_no_pending_responses()
P
# A botocore from before private registries gets their shapes as an extra of its own model.
add_shapes() {
	mkdir -p models/sagemaker/2017-07-24
	cat >models/sagemaker/2017-07-24/service-2.sdk-extras.json <<'J'
{
  "version": 1.0,
  "merge": {
    "shapes": {
      "AlgorithmSpecification": { "members": { "TrainingImageConfig": { "shape": "TrainingImageConfig" } } },
      "TrainingImageConfig": {
        "type": "structure", "required": ["TrainingRepositoryAccessMode"],
        "members": {
          "TrainingRepositoryAccessMode": { "shape": "TrainingRepositoryAccessMode" },
          "TrainingRepositoryAuthConfig": { "shape": "TrainingRepositoryAuthConfig" }
        }
      },
      "TrainingRepositoryAccessMode": { "type": "string", "enum": ["Platform", "Vpc"] },
      "TrainingRepositoryAuthConfig": {
        "type": "structure", "required": ["TrainingRepositoryCredentialsProviderArn"],
        "members": {
          "TrainingRepositoryCredentialsProviderArn": { "shape": "TrainingRepositoryCredentialsProviderArn" }
        }
      },
      "TrainingRepositoryCredentialsProviderArn": {
        "type": "string", "min": 1, "max": 2048,
        "pattern": "arn:[\\p{Alnum}\\-]+:lambda:[\\p{Alnum}\\-]+:[0-9]{12}:function:.*"
      }
    }
  }
}
J
	AWS_DATA_PATH=$dir/models
	export AWS_DATA_PATH
	echo '# this botocore is older than private registries: their shapes are added to its model'
}

if python_has botocore; then
	python3 validate.py out/create-training-job.json >"$out" 2>"$err"
	[ $? -ne 77 ] || add_shapes
	for folder in out full; do
		code=0
		python3 validate.py $folder/create-training-job.json >"$out" 2>"$err" || code=$?
		if [ "$code" -eq 77 ]; then
			skip "botocore takes the request of $folder" "$(cat "$out")"
			continue
		fi
		code_is 0 "botocore takes the request of $folder"
	done
else
	skip 'botocore takes the requests' 'python3-botocore is missing'
fi
if python_has boto3 && [ "$code" -eq 0 ]; then
	code=0
	python3 send.py full good >"$out" 2>"$err" || code=$?
	code_is 0 'the script sends the request as it is'
	out_has '^arn:aws:sagemaker:' 'and says which job it is'
	code=0
	python3 send.py full bad >"$out" 2>"$err" || code=$?
	code_is 1 'the script fails where the service does'
	err_has 'ResourceLimitExceeded' 'and says why'
else
	skip 'the script is run' 'python3-boto3, or one that knows private registries, is missing'
fi
if command -v aws >/dev/null 2>&1 && aws --version >/dev/null 2>&1; then
	AWS_DEFAULT_REGION=eu-central-1 aws sagemaker create-training-job \
		--cli-input-json file://full/create-training-job.json --generate-cli-skeleton output >"$out" 2>"$err"
	point 'the AWS command line takes it'
else
	skip 'the AWS command line takes it' 'aws is missing'
fi

# ---- ModelArts ----

run request modelarts --demo -C job --image-ref swr.example.com/team/image:1 --set flavor=f --set "env=A=$hostile"
code_is 0 'a training job of ModelArts is written'
err_has 'errors by profile modelarts-training: .*imgtui check --profile modelarts-training --demo' 'an image that would not run is told about'
grep -q '"image_url": "team/image:1"' job/training-job.json
point 'the image is named as SWR does'
run request modelarts-inference --demo -C model --set api=/predict
code_is 0 'a model configuration is written'
grep -q '"url": "/predict"' model/config.json
point 'with its interface'
run request --demo modelarts-inference -C model2/
code_is 0 'the demo image may stand before the kind'
out_has '^model2/config.json$' 'a slash behind the folder is not said twice'

finish
