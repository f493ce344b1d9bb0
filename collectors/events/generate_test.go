package events

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/require"
)

// share is a kind of record and how often it comes, of a thousand. The mix is
// that of an account with many workloads: most of what CloudTrail records there
// is the use of keys, roles and instances; two of a hundred records touch secrets.
// Members are those of real records, and ids are as random as theirs: the text must
// not shrink by more than real logs do, to a ninth to a twelfth, or else gunzip would
// have less to do than it has with those.
var mix = []struct {
	share               int
	source, name        string
	request, additional string
}{
	{560, "kms.amazonaws.com", "Decrypt", `{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:lambda:FunctionArn":"arn:aws:lambda:eu-west-1:111122223333:function:orders-%d"}}`, ""},
	{120, "kms.amazonaws.com", "GenerateDataKey", `{"keySpec":"AES_256","keyId":"arn:aws:kms:eu-west-1:111122223333:key/5a1e0d2f-%04d","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::data/part-%[1]d"}}`, ""},
	{30, "sts.amazonaws.com", "AssumeRole", `{"roleArn":"arn:aws:iam::111122223333:role/service-%[1]d","roleSessionName":"i-%017[1]x","durationSeconds":3600}`, ""},
	{120, "ec2.amazonaws.com", "DescribeInstances", `{"instancesSet":{"items":[{"instanceId":"i-%017d"}]},"filterSet":{}}`, ""},
	{80, "logs.amazonaws.com", "CreateLogStream", `{"logGroupName":"/aws/lambda/orders-%d","logStreamName":"2026/03/13/[$LATEST]0a1b2c3d"}`, ""},
	{40, "s3.amazonaws.com", "GetBucketAcl", `{"bucketName":"data-%d","Host":"data.s3.eu-west-1.amazonaws.com","acl":""}`, `{"SignatureVersion":"SigV4","CipherSuite":"ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"%s","bytesTransferredOut":480}`},
	{30, "ssm.amazonaws.com", "UpdateInstanceInformation", `{"instanceId":"i-%017d","agentVersion":"3.3.0.0","agentStatus":"Active","platformType":"Linux"}`, ""},
	{12, "secretsmanager.amazonaws.com", "GetSecretValue", `{"secretId":"arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/db-%d-AbCdEf"}`, ""},
	{4, "secretsmanager.amazonaws.com", "DescribeSecret", `{"secretId":"orders/db-%d"}`, ""},
	{4, "ssm.amazonaws.com", "GetParameter", `{"name":"/orders/%d/url","withDecryption":true}`, ""},
}

// benchFile is how much text a generated file has.
const benchFile = 8 << 20

// generate writes an archive with about so many bytes of text and returns its
// files and how many records of it are relevant.
func generate(tb testing.TB, dir string, size int64) (files []string, relevant int) {
	tb.Helper()
	random := rand.New(rand.NewPCG(7, 7))
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for written := int64(0); written < size; at = at.Add(5 * time.Minute) {
		name := filepath.Join(dir, filepath.FromSlash(key("111122223333", "eu-west-1", at, "generated0000000")))
		require.NoError(tb, os.MkdirAll(filepath.Dir(name), 0o755))
		f, err := os.Create(name)
		require.NoError(tb, err)
		z := gzip.NewWriter(f)
		w := bufio.NewWriterSize(z, 1<<16)
		_, _ = w.WriteString(`{"Records":[`) // the last Flush has the error
		n := 12
		for first := true; n < benchFile; first = false {
			if !first {
				_ = w.WriteByte(',')
			}
			m, wrote := record1(w, random, at)
			n += wrote
			if mix[m].share < 20 {
				relevant++
			}
		}
		_, _ = w.WriteString(`]}`)
		require.NoError(tb, w.Flush())
		require.NoError(tb, z.Close())
		require.NoError(tb, f.Close())
		files, written = append(files, name), written+int64(n)
	}
	return files, relevant
}

// agents are what calls of workloads say they come from.
var agents = []string{
	"aws-sdk-java/2.25.11 Linux/5.10.213-201.855.amzn2.x86_64 OpenJDK_64-Bit_Server_VM/17.0.10 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/standard",
	"aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 exec-env/AWS_ECS_FARGATE api/kms#1.35.3",
	"Boto3/1.34.144 md/Botocore#1.34.144 ua/2.0 os/linux#5.10.220-227.867.amzn2.x86_64 md/arch#x86_64 lang/python#3.12.4 md/pyimpl#CPython exec-env/AWS_Lambda_python3.12",
	"aws-sdk-js/3.614.0 ua/2.1 os/linux#5.10.219-229.866.amzn2.x86_64 lang/js md/nodejs#20.14.0 api/s3#3.614.0 exec-env/AWS_Lambda_nodejs20.x",
	"secretsmanager.amazonaws.com", "AWS Internal", "lambda.amazonaws.com", "dynamodb.amazonaws.com",
}

// token is random text of n letters and digits.
func token(random *rand.Rand, n int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[random.IntN(len(letters))]
	}
	return string(b)
}

// keyID is what an access key or a role is called by: the same for the same number.
func keyID(prefix string, n int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	random := rand.New(rand.NewPCG(uint64(n), 1))
	b := []byte(prefix)
	for len(b) < 20 {
		b = append(b, letters[random.IntN(len(letters))])
	}
	return string(b)
}

func uuid(random *rand.Rand) string {
	return fmt.Sprintf("%08x-%04x-4000-8000-%012x", random.Uint32(), random.IntN(1<<16), random.Int64N(1<<48))
}

// record1 writes one record with all the members that real ones have.
func record1(w io.Writer, random *rand.Rand, at time.Time) (kind, n int) {
	pick := random.IntN(1000)
	for pick >= mix[kind].share {
		pick -= mix[kind].share
		kind++
	}
	m := mix[kind]
	id := random.IntN(5000)
	if random.IntN(3) > 0 { // most calls are those of a few busy ones
		id %= 20
	}
	role := id % 300
	at = at.Add(-time.Duration(random.IntN(300)) * time.Second)
	additional, response := "", "null"
	if m.additional != "" {
		additional = `"additionalEventData":` + fmt.Sprintf(m.additional, token(random, 76)) + `,`
	}
	if m.name == "AssumeRole" {
		response = fmt.Sprintf(`{"credentials":{"accessKeyId":"%s","sessionToken":"%s","expiration":"Mar 1, 2026, %d:14:07 PM"},"assumedRoleUser":{"assumedRoleId":"%s:i-%017x","arn":"arn:aws:sts::111122223333:assumed-role/service-%[6]d/i-%017[5]x"}}`,
			keyID("ASIA", random.IntN(1<<30)), token(random, 700), id%12, keyID("AROA", role), id, role)
	}
	n, _ = fmt.Fprintf(w, `{"eventVersion":"1.09","userIdentity":{"type":"AssumedRole","principalId":"%[1]s:i-%017[2]x","arn":"arn:aws:sts::111122223333:assumed-role/service-%[3]d/i-%017[2]x","accountId":"111122223333","accessKeyId":"%[4]s","sessionContext":{"sessionIssuer":{"type":"Role","principalId":"%[1]s","arn":"arn:aws:iam::111122223333:role/service-%[3]d","accountId":"111122223333","userName":"service-%[3]d"},"attributes":{"creationDate":"%[5]s","mfaAuthenticated":"false"},"ec2RoleDelivery":"2.0"}},`,
		keyID("AROA", role), uint64(id)*0x9e3779b97f4a7c15>>8, role, keyID("ASIA", id), at.Add(-time.Duration(id)*time.Second).Format(time.RFC3339))
	more, _ := fmt.Fprintf(w, `"eventTime":"%s","eventSource":"%s","eventName":"%s","awsRegion":"eu-west-1","sourceIPAddress":"10.%d.%d.%d","userAgent":"%s","requestParameters":%s,"responseElements":%s,%s"requestID":"%s","eventID":"%s","readOnly":true,"resources":[{"accountId":"111122223333","type":"AWS::KMS::Key","ARN":"arn:aws:kms:eu-west-1:111122223333:key/5a1e0d2f-1111-2222-3333-%012d"}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"service.eu-west-1.amazonaws.com"}}`,
		at.Format(time.RFC3339), m.source, m.name, random.IntN(4), id%256, random.IntN(256), agents[role%len(agents)], fmt.Sprintf(m.request, id), response, additional,
		uuid(random), uuid(random), id%40)
	return kind, n + more
}
