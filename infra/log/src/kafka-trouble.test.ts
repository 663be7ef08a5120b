import { describeKafkaTrouble } from '../test/kafka/describe-kafka-trouble.ts';

describeKafkaTrouble('kafkajs');
